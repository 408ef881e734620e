use nuages::prelude::*;

#[view(get, "/books/{id")]
async fn index(id: i64) -> String {
    id.to_string()
}

fn main() {}
