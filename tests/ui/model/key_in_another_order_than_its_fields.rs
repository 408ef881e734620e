use nuages::prelude::*;

#[derive(Model)]
#[model(primary_key(position, order))]
pub struct Line {
    pub order: i64,
    pub position: i32,
}

fn main() {}
