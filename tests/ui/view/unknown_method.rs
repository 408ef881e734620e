use nuages::prelude::*;

#[view(gett, "/")]
async fn index() -> String {
    String::new()
}

fn main() {}
