use nuages::prelude::*;

#[view(get, "/books/{bok}")]
async fn index(book: i64) -> String {
    book.to_string()
}

fn main() {}
