use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(db_table = "shop_book")]
pub struct Tome {
    pub id: i64,
}

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 100)]
    pub title: String,
}

fn main() {}
