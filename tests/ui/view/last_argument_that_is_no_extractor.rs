use nuages::prelude::*;

#[view(get, "/")]
async fn index(thread: std::thread::Thread) -> String {
    let _ = thread;
    String::new()
}

fn main() {}
