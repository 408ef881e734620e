use nuages::prelude::*;

#[view(get)]
async fn index() -> String {
    String::new()
}

fn main() {}
