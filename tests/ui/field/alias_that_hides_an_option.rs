use nuages::prelude::*;

type Maybe = Option<i64>;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    pub it: Maybe,
}

fn main() {}
