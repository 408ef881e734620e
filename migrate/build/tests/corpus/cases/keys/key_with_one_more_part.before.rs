use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(primary_key(order, position))]
pub struct Line {
    pub order: i64,
    pub position: i32,
    pub part: i32,
}

fn main() {}
