use nuages::prelude::*;

#[view(get, "/")]
fn index() -> String {
    String::new()
}

fn main() {}
