use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(db_column = title)]
    pub it: i64,
}

fn main() {}
