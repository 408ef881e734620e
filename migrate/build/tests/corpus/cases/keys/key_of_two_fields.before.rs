use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Order {
    pub id: i64,
}

fn main() {}
