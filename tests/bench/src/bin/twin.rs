//! The hand-written server: axum and sqlx as most people write them.
//!
//! Rows by name, the pool as executor, default pool options. sqlx's derive is left out
//! of the tree, so `FromRow` is written by hand, as the derive would write it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use futures_util::FutureExt as _;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgPool, Row, SqlitePool};
use std::panic::AssertUnwindSafe;

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

/// What a careful author puts around such a server, and what Nuages does by default: one middleware that checks
/// the host, guards against panics and slow handlers, numbers requests, and sets the headers of security.
fn careful(router: Router) -> Router {
    router
        .layer(axum::middleware::from_fn(around))
        .layer(axum::extract::DefaultBodyLimit::max(2 * 1024 * 1024))
}

async fn around(request: axum::extract::Request, next: axum::middleware::Next) -> axum::response::Response {
    use axum::http::{HeaderName, HeaderValue, StatusCode, header};
    use axum::response::IntoResponse as _;
    static COUNT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if host.split(':').next() != Some("localhost") {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    let mut response = match tokio::time::timeout(std::time::Duration::from_secs(30), answer).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&format!("{number:016x}")) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (url, port) = arguments.next().zip(arguments.next()).ok_or("usage: twin URL PORT")?;
    let router =
        if url.starts_with("sqlite") { sqlite::router(&url).await? } else { postgres::router(&url).await? };
    let router = if arguments.next().as_deref() == Some("careful") { careful(router) } else { router };
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, router).await?;
    Ok(())
}
