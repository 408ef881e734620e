use nuages::prelude::*;

#[view(get, "/", permission = "change_book")]
async fn index() -> String {
    String::new()
}

fn main() {}
