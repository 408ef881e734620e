use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(related_name = books)]
    pub it: i64,
}

fn main() {}
