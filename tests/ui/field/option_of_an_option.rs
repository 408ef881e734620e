use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    pub it: Option<Option<i64>>,
}

fn main() {}
