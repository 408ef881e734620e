use std::thread::Thread;

use nuages::prelude::*;

#[view(get, "/")]
async fn index(thread: Thread) -> String {
    let _ = thread;
    String::new()
}

fn main() {}
