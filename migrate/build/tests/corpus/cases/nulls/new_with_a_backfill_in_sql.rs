use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(backfill = sql("LENGTH(\"title\")"))]
    pub pages: i32,
}

fn main() {}
