//! What the shop knows: authors, books, tags and reviews.

use nuages::prelude::*;

/// Somebody who writes books.
#[derive(Model, Clone, Debug)]
#[model(ordering(name), display = "{name}")]
#[admin(list_display(name, born), search_fields(name))]
pub struct Author {
    pub id: i64,
    #[field(max_length = 120, unique)]
    pub name: String,
    pub born: Option<Date>,
    #[field(default = "", blank, widget = textarea, help_text = "A few sentences for the author's page.")]
    pub biography: String,
}

/// A word that readers look for.
#[derive(Model, Clone, Debug)]
#[model(ordering(name), display = "{name}")]
pub struct Tag {
    pub id: i64,
    #[field(max_length = 40, unique)]
    pub name: String,
}

/// A book, on paper or still in somebody's drawer.
#[derive(Model, Clone, Debug)]
#[model(ordering(-published, title), display = "{title}", unique_together(author, title))]
#[admin(
    list_display(title, author.name, price, status),
    list_filter(status, in_stock, author),
    search_fields(title, author.name),
    date_hierarchy = published,
    autocomplete_fields(author),
    inlines(Review),
    list_per_page = 20,
)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    #[field(on_delete = Cascade, related_name = books)]
    pub author: ForeignKey<Author>,
    #[field(max_digits = 8, decimal_places = 2, min = 0)]
    pub price: Decimal,
    #[field(default = Status::Draft)]
    pub status: Status,
    #[field(default = true)]
    pub in_stock: bool,
    pub published: Option<Date>,
    #[field(auto_now_add)]
    pub created: DateTime,
    #[field(related_name = books)]
    pub tags: ManyToMany<Tag>,
}

/// How far a book has come.
#[derive(Choices, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    Draft,
    Published,
    #[choice(label = "Out of print")]
    OutOfPrint,
}

/// What a reader says.
#[derive(Model, Clone, Debug)]
#[model(ordering(-created), display = "{reader}: {stars} of 5", check(name = "one_to_five_stars", "stars >= 1 AND stars <= 5"))]
#[admin(list_display(book, reader, stars, created))]
pub struct Review {
    pub id: i64,
    #[field(on_delete = Cascade, related_name = reviews)]
    pub book: ForeignKey<Book>,
    #[field(max_length = 80)]
    pub reader: String,
    #[field(min = 1, max = 5)]
    pub stars: i16,
    #[field(default = "", blank, widget = textarea)]
    pub text: String,
    #[field(auto_now_add)]
    pub created: DateTime,
}
