use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Order {
    pub id: i64,
}

#[derive(Model, Clone, Debug)]
#[model(primary_key(order, position))]
pub struct Line {
    #[field(on_delete = Cascade)]
    pub order: ForeignKey<Order>,
    pub position: i32,
    #[field(max_length = 40)]
    pub article: String,
}

fn main() {}
