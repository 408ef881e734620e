use nuages::prelude::*;

#[derive(Model)]
#[model(only(sqlite))]
pub struct Book {
    pub id: i64,
    #[field(db_collation = "nocase")]
    pub pages: i32,
}

fn main() {}
