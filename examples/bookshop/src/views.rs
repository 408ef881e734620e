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
    let published = Book::objects().filter(|b| b.status.eq(Status::Published));
    Ok(Page(BookList { books: published.select_related(|b| b.author).all(&db).await? }))
}

/// A book's own page, with a form for what a reader has to say.
#[derive(Template)]
#[template(path = "book_detail.html")]
pub struct BookDetail {
    book: Book,
    author: Author,
    tags: Vec<Tag>,
    reviews: Vec<Review>,
    form: Form<ReviewForm>,
}

/// What a reader has to say; the rules are those of the model.
#[derive(Form)]
#[form(model = Review)]
pub struct ReviewForm {
    reader: String,
    stars: i16,
    text: String,
}

/// Shows a book; one that is not there answers 404.
#[view(get, "/books/{id}")]
pub async fn book_detail(db: Db, id: i64) -> Result<Page<BookDetail>> {
    detail(&db, id, ReviewForm::new()).await
}

/// Takes a review; one that is not complete is shown again with what is wrong.
#[view(post, "/books/{id}")]
pub async fn review_create(
    db: Db,
    messages: Messages,
    id: i64,
    form: Form<ReviewForm>,
) -> Result<Result<Redirect, Page<BookDetail>>> {
    match form.into_data() {
        Ok(ReviewForm { reader, stars, text }) => {
            let book = Book::objects().filter(|b| b.id.eq(id)).get(&db).await?;
            let review = NewReview { book: (&book).into(), reader, stars };
            review.with(|r| r.text.set(text)).create(&db).await?;
            messages.success("Thank you for your review.");
            Ok(Ok(redirect(book_detail::url(id))))
        }
        Err(form) => detail(&db, id, form).await.map(Err),
    }
}

async fn detail(db: &Db, id: i64, form: Form<ReviewForm>) -> Result<Page<BookDetail>> {
    let (book, author, tags, reviews) = Book::objects()
        .filter(|b| b.id.eq(id))
        .select_related(|b| b.author)
        .prefetch_related(|b| b.tags)
        .prefetch_related(|b| b.reviews())
        .get(db)
        .await?;
    Ok(Page(BookDetail { book, author, tags, reviews, form }))
}
