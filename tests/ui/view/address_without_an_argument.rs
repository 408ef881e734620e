use nuages::prelude::*;

#[view(get, "/books/{id}")]
async fn book_detail(id: i64) -> String {
    id.to_string()
}

fn main() {
    println!("{}", book_detail::url());
}
