use nuages::prelude::*;

#[derive(Model)]
#[model(only(sqlite, postgres))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200, db_collation = "nocase")]
    pub title: String,
}

fn main() {}
