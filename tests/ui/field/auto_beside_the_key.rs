use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(auto)]
    pub it: i64,
}

fn main() {}
