use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(unique)]
    pub it: String,
}

fn main() {}
