//! The same server with Nuages, its default middleware on.

use askama::Template;
use axum::Json;
use nuages::prelude::*;
use serde::{Deserialize, Serialize};

nuages::app!();

/// Somebody who writes.
#[derive(Model, Clone, Debug)]
#[model(db_table = "author", managed = false, display = "{name}")]
pub struct Author {
    id: i64,
    #[field(max_length = 120)]
    name: String,
    #[field(max_length = 2)]
    country: String,
}

/// What they write.
#[derive(Model, Clone, Debug)]
#[model(db_table = "book", managed = false, display = "{title}")]
pub struct Book {
    id: i64,
    #[field(max_length = 200)]
    title: String,
    #[field(on_delete = Cascade, related_name = books)]
    author: ForeignKey<Author>,
    pages: i32,
    price_cents: i64,
    #[field(default = false)]
    in_stock: bool,
    #[field(default = 0.0)]
    rating: f64,
    published: Option<Date>,
}

#[derive(Serialize)]
struct Message {
    message: &'static str,
}

#[derive(Serialize)]
struct Shown {
    id: i64,
    title: String,
    author_id: i64,
    pages: i32,
    price_cents: i64,
    in_stock: bool,
    rating: f64,
    published: Option<Date>,
}

impl From<Book> for Shown {
    fn from(book: Book) -> Self {
        Self {
            id: book.id,
            author_id: *book.author.key(),
            title: book.title,
            pages: book.pages,
            price_cents: book.price_cents,
            in_stock: book.in_stock,
            rating: book.rating,
            published: book.published,
        }
    }
}

#[derive(Deserialize)]
struct Posted {
    title: String,
    author_id: i64,
    pages: i32,
    price_cents: i64,
}

#[derive(Serialize)]
struct Created {
    title: String,
}

#[derive(Template)]
#[template(path = "books.html")]
struct Books {
    books: Vec<Book>,
}

#[derive(Template)]
#[template(path = "list.html")]
struct List {
    total: u64,
    rows: Vec<(Book, Author)>,
}

#[view(get, "/json")]
async fn json() -> Json<Message> {
    Json(Message { message: "Hello, World!" })
}

#[view(get, "/one/{id}")]
async fn one(db: Db, id: i64) -> Result<Json<Shown>> {
    Ok(Json(Book::objects().filter(|b| b.id.eq(id)).get(&db).await?.into()))
}

#[view(get, "/twenty/{id}")]
async fn twenty(db: Db, id: i64) -> Result<Json<Vec<Shown>>> {
    let mut books = Vec::with_capacity(20);
    for step in 0..20 {
        let id = 1 + (id + step * 37) % 5_000;
        books.push(Book::objects().filter(|b| b.id.eq(id)).get(&db).await?.into());
    }
    Ok(Json(books))
}

#[view(get, "/books")]
async fn books(db: Db) -> Result<Page<Books>> {
    Ok(Page(Books { books: Book::objects().order_by(|b| b.title).limit(12).all(&db).await? }))
}

#[view(get, "/list")]
async fn list(db: Db) -> Result<Page<List>> {
    let found = Book::objects().filter(|b| b.in_stock.eq(true) & b.author.country.eq("FR"));
    let total = found.count(&db).await?;
    let rows = found.select_related(|b| b.author).order_by(|b| b.title).limit(25).all(&db).await?;
    Ok(Page(List { total, rows }))
}

#[view(post, "/insert", csrf_exempt = "the load generator is no browser")]
async fn insert(db: Db, axum::Form(posted): axum::Form<Posted>) -> Result<Json<Created>> {
    let Posted { title, author_id, pages, price_cents } = posted;
    let book = NewBook { title, author: ForeignKey::to(author_id), pages, price_cents }.create(&db).await?;
    Ok(Json(Created { title: book.title }))
}

#[tokio::main]
async fn main() -> nuages::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (url, port) =
        arguments.next().zip(arguments.next()).ok_or_else(|| Error::other("usage: ours URL PORT"))?;
    let bind = format!("127.0.0.1:{port}");
    let settings = nuages::Settings::from_pairs([
        ("ENV", "production"),
        ("SECRET_KEY", "b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184"),
        ("HOSTS", "localhost"),
        ("ALLOW_HTTP_COOKIES", "true"),
        ("DATABASE_URL", &url),
        ("BIND", &bind),
    ])?;
    Project::new(settings).app(app()).run_with(["ours"]).await
}
