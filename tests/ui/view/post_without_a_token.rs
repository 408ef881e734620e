use nuages::prelude::*;

#[view(post, "/")]
async fn save(body: String) -> String {
    body
}

fn main() {}
