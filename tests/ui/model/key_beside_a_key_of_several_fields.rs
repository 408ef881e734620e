use nuages::prelude::*;

#[derive(Model)]
#[model(primary_key(order, position))]
pub struct Line {
    pub order: i64,
    pub position: i32,
    #[field(primary_key, max_length = 20)]
    pub code: String,
}

fn main() {}
