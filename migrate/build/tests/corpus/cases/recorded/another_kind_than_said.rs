use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 100)]
    pub title: String,
    #[field(column = text, max_length = 10, backfill = "")]
    pub note: i64,
}

fn main() {}
