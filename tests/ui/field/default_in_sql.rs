use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(default = sql("1"))]
    pub it: i64,
}

fn main() {}
