use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(max_digits = 8, decimal_places = 2)]
    pub x: Decimal,
}

fn main() {}
