use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(widget = email)]
    pub it: i64,
}

fn main() {}
