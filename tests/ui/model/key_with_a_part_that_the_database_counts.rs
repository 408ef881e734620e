use nuages::prelude::*;

#[derive(Model)]
#[model(primary_key(id, position))]
pub struct Line {
    pub id: i64,
    pub position: i32,
}

fn main() {}
