use std::thread::Thread;

use nuages::prelude::*;

#[view(get, "/")]
async fn index() -> Thread {
    std::thread::current()
}

fn main() {}
