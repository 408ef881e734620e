use nuages::prelude::*;

#[view(get, "/books/{id}")]
async fn index(id: Vec<u8>) -> String {
    id.len().to_string()
}

fn main() {}
