use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(default = "many")]
    pub it: i32,
}

fn main() {}
