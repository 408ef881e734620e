use nuages::prelude::*;

#[view(get, "/", csrf_exempt = "a machine asks")]
async fn index() -> String {
    String::new()
}

fn main() {}
