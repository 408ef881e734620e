use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    #[field(unique)]
    pub id: i64,
}

fn main() {}
