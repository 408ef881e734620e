use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(db_column = "")]
    pub it: i64,
}

fn main() {}
