use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    pub it: std::thread::Thread,
}

fn main() {}
