use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 9, unique = 1)]
    pub it: String,
}

fn main() {}
