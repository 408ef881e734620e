use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(max_digits = 2, decimal_places = 1)]
    pub it: String,
}

fn main() {}
