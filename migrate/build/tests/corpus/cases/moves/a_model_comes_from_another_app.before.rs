use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Tag {
    pub id: i64,
}

fn main() {}
