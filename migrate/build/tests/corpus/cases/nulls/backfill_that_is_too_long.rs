use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 3, backfill = "none")]
    pub isbn: String,
}

fn main() {}
