use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub x: String,
}

fn main() {}
