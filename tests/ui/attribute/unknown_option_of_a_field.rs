use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(max_lenght = 200)]
    pub it: String,
}

fn main() {}
