use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(db_default = fresh())]
    pub pages: i32,
}

fn main() {}
