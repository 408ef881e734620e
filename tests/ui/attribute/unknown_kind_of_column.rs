use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(column = varchar)]
    pub it: String,
}

fn main() {}
