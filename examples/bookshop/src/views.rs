//! The public pages: a list, a book with its reviews, and a form to write one.

use askama::Template;
use nuages::prelude::*;

use crate::models::*;

/// The front page: what can be bought.
#[derive(Template)]
#[template(path = "book_list.html")]
pub struct BookList {
    books: Vec<(Book, Author)>,
}

/// Lists published books, newest first.
#[view(get, "/")]
pub async fn book_list(db: Db) -> Result<Page<BookList>> {
    let books = Book::objects()
        .filter(|b| b.status.eq(Status::Published))
        .select_related(|b| b.author)
        .all(&db)
        .await?;
    Ok(Page(BookList { books }))
}

/// A book's own page.
#[derive(Template)]
#[template(path = "book_detail.html")]
pub struct BookDetail {
    book: Book,
    author: Author,
    tags: Vec<Tag>,
    reviews: Vec<Review>,
    form: FormPage,
}

/// Shows a book; one that is not there answers 404.
#[view(get, "/books/{id}")]
pub async fn book_detail(db: Db, id: i64) -> Result<Page<BookDetail>> {
    detail(&db, id, ReviewForm::new()).await
}
