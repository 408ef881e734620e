use std::thread::Thread;

use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    pub it: Thread,
}

fn main() {}
