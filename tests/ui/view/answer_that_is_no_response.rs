use nuages::prelude::*;

#[view(get, "/")]
async fn index() -> std::thread::Thread {
    std::thread::current()
}

fn main() {}
