use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(drop(weight))]
pub struct Book {
    pub id: i64,
    pub price: i32,
}

fn main() {}
