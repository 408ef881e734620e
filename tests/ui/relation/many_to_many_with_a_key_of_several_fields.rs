use nuages::prelude::*;

#[derive(Model)]
pub struct Tag {
    pub id: i64,
}

#[derive(Model)]
#[model(primary_key(order, position))]
pub struct Line {
    pub order: i64,
    pub position: i32,
    pub tags: ManyToMany<Tag>,
}

fn main() {}
