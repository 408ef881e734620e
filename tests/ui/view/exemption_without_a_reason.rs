use nuages::prelude::*;

#[view(post, "/", csrf_exempt = " ")]
async fn save(body: String) -> String {
    body
}

fn main() {}
