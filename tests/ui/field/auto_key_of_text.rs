use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    #[field(auto, max_length = 9)]
    pub id: String,
}

fn main() {}
