use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(version, max_digits = 3, decimal_places = 1)]
    pub version: Decimal,
}

fn main() {}
