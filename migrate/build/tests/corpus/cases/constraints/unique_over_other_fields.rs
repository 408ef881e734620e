use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(unique(fields(weight, id), name = "one"))]
pub struct Book {
    pub id: i64,
    pub price: i32,
    pub weight: i32,
}

fn main() {}
