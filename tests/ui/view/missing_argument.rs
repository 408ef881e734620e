use nuages::prelude::*;

#[view(get, "/books/{id}")]
async fn index() -> String {
    String::new()
}

fn main() {}
