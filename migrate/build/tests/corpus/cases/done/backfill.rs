use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(backfill = 0)]
    pub pages: i32,
}

fn main() {}
