use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(min = 9)]
    pub it: String,
}

fn main() {}
