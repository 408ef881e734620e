use nuages::prelude::*;

#[view(post, "/")]
async fn save() -> String {
    String::new()
}

fn main() {}
