use nuages::prelude::*;

#[derive(Model)]
#[model(primary_key(order, position))]
pub struct Line {
    pub order: i64,
    #[field(db_default = 1)]
    pub position: i32,
}

fn main() {}
