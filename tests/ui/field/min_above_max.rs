use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(min = 9, max = 1)]
    pub it: i32,
}

fn main() {}
