use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Shelf {
    pub id: i64,
}

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(db_column = "shelf_id")]
    pub shelf: i64,
}

fn main() {}
