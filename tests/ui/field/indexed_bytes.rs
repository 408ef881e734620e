use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(index)]
    pub it: Vec<u8>,
}

fn main() {}
