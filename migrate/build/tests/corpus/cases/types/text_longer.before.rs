use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 50)]
    pub x: String,
}

fn main() {}
