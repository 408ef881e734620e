use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: Option<i64>,
}

fn main() {}
