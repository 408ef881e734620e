use nuages::prelude::*;

#[view(get, "/book-{id}")]
async fn index(id: i64) -> String {
    id.to_string()
}

fn main() {}
