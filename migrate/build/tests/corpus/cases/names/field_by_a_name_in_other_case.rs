use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(db_column = "Pages")]
    pub pages: i32,
}

fn main() {}
