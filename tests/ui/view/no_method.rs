use nuages::prelude::*;

#[view("/")]
async fn index() -> String {
    String::new()
}

fn main() {}
