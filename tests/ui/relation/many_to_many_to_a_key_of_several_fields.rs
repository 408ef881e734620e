use nuages::prelude::*;

#[derive(Model)]
#[model(primary_key(order, position))]
pub struct Line {
    pub order: i64,
    pub position: i32,
}

#[derive(Model)]
pub struct Parcel {
    pub id: i64,
    pub lines: ManyToMany<Line>,
}

fn main() {}
