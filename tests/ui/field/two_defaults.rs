use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(default = 1, db_default = 2)]
    pub pages: i32,
}

fn main() {}
