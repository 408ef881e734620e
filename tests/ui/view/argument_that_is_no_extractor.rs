use std::thread::Thread;

use nuages::prelude::*;

#[view(get, "/")]
async fn index(thread: Thread, db: Db) -> String {
    let _ = (thread, db);
    String::new()
}

fn main() {}
