use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 1, max_length = 2)]
    pub it: String,
}

fn main() {}
