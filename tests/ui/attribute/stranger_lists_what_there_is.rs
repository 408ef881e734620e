use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(colour = "red")]
    pub it: String,
}

fn main() {}
