use nuages::prelude::*;

#[view(get, "books")]
async fn index() -> String {
    String::new()
}

fn main() {}
