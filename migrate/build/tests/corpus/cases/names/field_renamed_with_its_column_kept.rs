use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 100, was = "title", db_column = "title")]
    pub name: String,
}

fn main() {}
