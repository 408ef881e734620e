use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    #[field(primary_key)]
    pub one: i64,
    #[field(primary_key)]
    pub two: i64,
}

fn main() {}
