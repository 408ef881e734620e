//! The models of `shop/models.py` in Rust, over the tables that Django made.

use nuages::auth::CurrentUser;
use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(app_label = "shop", ordering(name), display = "{name}")]
pub struct Author {
    pub id: i64,
    #[field(max_length = 120, unique)]
    pub name: String,
    pub born: Option<Date>,
}

#[derive(Model, Clone, Debug)]
#[model(app_label = "shop", ordering(word), display = "{word}")]
pub struct Tag {
    pub id: i64,
    #[field(max_length = 40)]
    pub word: String,
}

#[derive(Model, Clone, Debug)]
#[model(
    app_label = "shop",
    ordering(title),
    display = "{title}",
    unique(fields(title, author), name = "one_title"),
    check(name = "has_pages", "pages > 0"),
    index(fields(published, pages), name = "by_day")
)]
#[admin(list_display(title, author.name, price), search_fields(title))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200, index)]
    pub title: String,
    #[field(on_delete = Cascade, related_name = books)]
    pub author: ForeignKey<Author>,
    #[field(max_digits = 8, decimal_places = 2)]
    pub price: Decimal,
    pub pages: i32,
    #[field(default = true)]
    pub in_stock: bool,
    pub published: Option<Date>,
    #[field(auto_now_add)]
    pub created: DateTime,
    #[field(default = "")]
    pub notes: String,
    pub facts: Option<Json>,
    #[field(on_delete = SetNull, related_name = books)]
    pub owner: Option<ForeignKey<CurrentUser>>,
    #[field(related_name = books)]
    pub tags: ManyToMany<Tag>,
}
