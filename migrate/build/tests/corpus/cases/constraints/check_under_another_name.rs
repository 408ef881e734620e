use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(check(name = "affordable", "price < 100"))]
pub struct Book {
    pub id: i64,
    pub price: i32,
    pub weight: i32,
}

fn main() {}
