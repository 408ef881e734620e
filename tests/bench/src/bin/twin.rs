//! The hand-written server: axum and sqlx as most people write them.
//!
//! Rows by name, the pool as executor, default pool options. sqlx's derive is left out
//! of the tree, so `FromRow` is written by hand, as the derive would write it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgPool, Row, SqlitePool};

type Result<T, E = (axum::http::StatusCode, String)> = std::result::Result<T, E>;

#[derive(Serialize)]
struct Message {
    message: &'static str,
}

#[derive(Serialize)]
struct Book {
    id: i64,
    title: String,
    author_id: i64,
    pages: i32,
    price_cents: i64,
    in_stock: bool,
    rating: f64,
    published: Option<chrono::NaiveDate>,
}

struct Author {
    name: String,
}

struct Listed(Book, Author);

#[derive(Deserialize)]
struct NewBook {
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
    total: i64,
    rows: Vec<Listed>,
}

async fn json() -> Json<Message> {
    Json(Message { message: "Hello, World!" })
}

fn failed(error: impl std::fmt::Display) -> (axum::http::StatusCode, String) {
    (axum::http::StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}

const BOOK: &str =
    "SELECT id, title, author_id, pages, price_cents, in_stock, rating, published FROM book WHERE id = $1";
const BOOKS: &str = "SELECT id, title, author_id, pages, price_cents, in_stock, rating, published FROM book ORDER BY title LIMIT 12";
const LIST: &str = "SELECT b.id, b.title, b.author_id, b.pages, b.price_cents, b.in_stock, b.rating, b.published, a.name AS author_name \
    FROM book b JOIN author a ON a.id = b.author_id WHERE b.in_stock = $1 AND a.country = $2 ORDER BY b.title LIMIT 25";
const COUNT: &str = "SELECT COUNT(*) FROM book b JOIN author a ON a.id = b.author_id WHERE b.in_stock = $1 AND a.country = $2";
const INSERT: &str = "INSERT INTO book (title, author_id, pages, price_cents, in_stock, rating, published) \
    VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";

/// The handlers for one kind of pool: a user has one database, and writes them once.
macro_rules! handlers {
    ($module:ident, $pool:ty, $row:ty) => {
        mod $module {
            use super::*;

            impl<'r> FromRow<'r, $row> for Book {
                fn from_row(row: &'r $row) -> sqlx::Result<Self> {
                    Ok(Self {
                        id: row.try_get("id")?,
                        title: row.try_get("title")?,
                        author_id: row.try_get("author_id")?,
                        pages: row.try_get("pages")?,
                        price_cents: row.try_get("price_cents")?,
                        in_stock: row.try_get("in_stock")?,
                        rating: row.try_get("rating")?,
                        published: row.try_get("published")?,
                    })
                }
            }

            impl<'r> FromRow<'r, $row> for Listed {
                fn from_row(row: &'r $row) -> sqlx::Result<Self> {
                    Ok(Self(Book::from_row(row)?, Author { name: row.try_get("author_name")? }))
                }
            }

            async fn one(State(pool): State<$pool>, Path(id): Path<i64>) -> Result<Json<Book>> {
                sqlx::query_as(BOOK).bind(id).fetch_one(&pool).await.map(Json).map_err(failed)
            }

            async fn twenty(State(pool): State<$pool>, Path(id): Path<i64>) -> Result<Json<Vec<Book>>> {
                let mut books = Vec::with_capacity(20);
                for step in 0..20 {
                    let id = 1 + (id + step * 37) % 5_000;
                    books.push(sqlx::query_as(BOOK).bind(id).fetch_one(&pool).await.map_err(failed)?);
                }
                Ok(Json(books))
            }

            async fn books(State(pool): State<$pool>) -> Result<Html<String>> {
                let books = sqlx::query_as(BOOKS).fetch_all(&pool).await.map_err(failed)?;
                Books { books }.render().map(Html).map_err(failed)
            }

            async fn list(State(pool): State<$pool>) -> Result<Html<String>> {
                let rows =
                    sqlx::query_as(LIST).bind(true).bind("FR").fetch_all(&pool).await.map_err(failed)?;
                let total =
                    sqlx::query_scalar(COUNT).bind(true).bind("FR").fetch_one(&pool).await.map_err(failed)?;
                List { total, rows }.render().map(Html).map_err(failed)
            }

            async fn insert(State(pool): State<$pool>, Form(book): Form<NewBook>) -> Result<Json<Created>> {
                let _id: i64 = sqlx::query_scalar(INSERT)
                    .bind(&book.title)
                    .bind(book.author_id)
                    .bind(book.pages)
                    .bind(book.price_cents)
                    .bind(false)
                    .bind(0.0)
                    .bind(None::<chrono::NaiveDate>)
                    .fetch_one(&pool)
                    .await
                    .map_err(failed)?;
                Ok(Json(Created { title: book.title }))
            }

            pub(super) async fn router(url: &str) -> sqlx::Result<Router> {
                let router = Router::new()
                    .route("/json", get(json))
                    .route("/one/{id}", get(one))
                    .route("/twenty/{id}", get(twenty))
                    .route("/books", get(books))
                    .route("/list", get(list))
                    .route("/insert", post(insert));
                Ok(router.with_state(<$pool>::connect(url).await?))
            }
        }
    };
}

handlers!(sqlite, SqlitePool, sqlx::sqlite::SqliteRow);
handlers!(postgres, PgPool, sqlx::postgres::PgRow);

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (url, port) = arguments.next().zip(arguments.next()).ok_or("usage: twin URL PORT")?;
    let router =
        if url.starts_with("sqlite") { sqlite::router(&url).await? } else { postgres::router(&url).await? };
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, router).await?;
    Ok(())
}
