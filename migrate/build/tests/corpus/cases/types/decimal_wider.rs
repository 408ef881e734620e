use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(max_digits = 12, decimal_places = 4)]
    pub x: Decimal,
}

fn main() {}
