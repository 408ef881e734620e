use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(max_digits = 40, decimal_places = 2)]
    pub it: Decimal,
}

fn main() {}
