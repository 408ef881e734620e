//! A library: relations of every sort, with the names of the guide.

use nuages::prelude::*;

/// Somebody who writes.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(ordering(name), display = "{name}")]
#[admin(list_display(name, born), search_fields(name))]
pub struct Author {
    /// The key.
    pub id: i64,
    /// The name, which nobody shares.
    #[field(max_length = 120, unique)]
    pub name: String,
    /// A date that may be unknown.
    pub born: Option<Date>,
    /// A relation of the table to itself, which may be empty.
    #[field(on_delete = SetNull, related_name = pupils)]
    pub teacher: Option<ForeignKey<Author>>,
}

/// A word for finding things.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(ordering(name), display = "{name}")]
pub struct Tag {
    /// The key.
    pub id: i64,
    /// The word.
    #[field(max_length = 40, unique)]
    pub name: String,
}

/// A house that prints; its key is a word.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(ordering(code), display = "{name}")]
pub struct Publisher {
    /// A natural key.
    #[field(primary_key, max_length = 12)]
    pub code: String,
    /// The name on the spine.
    #[field(max_length = 80)]
    pub name: String,
}

/// A book.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(ordering(-published, title), display = "{title}", unique_together(author, title))]
#[model(check(name = "price_is_not_negative", "price >= 0"))]
#[admin(
    list_display(title, author.name, price, status),
    list_filter(status, in_stock, author, tags),
    search_fields(title, author.name),
    date_hierarchy = published,
    inlines(Review),
    actions(publish),
)]
pub struct Book {
    /// The key.
    pub id: i64,
    /// The title.
    #[field(max_length = 200)]
    pub title: String,
    /// A relation that is always there.
    #[field(on_delete = Cascade, related_name = books)]
    pub author: ForeignKey<Author>,
    /// A relation to a natural key that may be empty.
    #[field(on_delete = SetNull, related_name = books)]
    pub publisher: Option<ForeignKey<Publisher>>,
    /// Money.
    #[field(max_digits = 8, decimal_places = 2)]
    pub price: Decimal,
    /// A choice with a default.
    #[field(default = Status::Draft)]
    pub status: Status,
    /// A flag with a default.
    #[field(default = true)]
    pub in_stock: bool,
    /// A date that may be unknown.
    pub published: Option<Date>,
    /// Set when the row is made.
    #[field(auto_now_add)]
    pub created: DateTime,
    /// Set at each save.
    #[field(auto_now)]
    pub changed: DateTime,
    /// Many to many.
    #[field(related_name = books)]
    pub tags: ManyToMany<Tag>,
}

/// An action of the admin's list.
async fn publish(request: nuages::admin::ActionRequest) -> Result<String> {
    let books = request.objects::<Book>();
    let count = books.update(&request.db, |b| b.status.set(Status::Published)).await?;
    Ok(format!("{count} published."))
}

/// How far a book has come.
#[derive(Choices, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// Being written.
    Draft,
    /// To be had.
    Published,
    /// No longer to be had.
    #[choice(label = "Out of print")]
    OutOfPrint,
}

/// What somebody wrote about a book.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(ordering(id), display = "{stars} stars")]
pub struct Review {
    /// The key.
    pub id: i64,
    /// The book.
    #[field(on_delete = Cascade, related_name = reviews)]
    pub book: ForeignKey<Book>,
    /// One to five.
    #[field(min = 1, max = 5)]
    pub stars: i16,
    /// What was said.
    #[field(default = "", blank)]
    pub text: String,
}

/// More about an author, at most one each.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(display = "{page}")]
pub struct Profile {
    /// The key.
    pub id: i64,
    /// One to one.
    #[field(on_delete = Cascade, related_name = profile)]
    pub author: OneToOne<Author>,
    /// Text without a bound.
    pub page: String,
}
