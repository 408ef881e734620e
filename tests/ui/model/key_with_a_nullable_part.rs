use nuages::prelude::*;

#[derive(Model)]
#[model(primary_key(order, position))]
pub struct Line {
    pub order: i64,
    pub position: Option<i32>,
}

fn main() {}
