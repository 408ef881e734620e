use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Tag {
    pub id: i64,
}

#[derive(Model, Clone, Debug)]
pub struct Label {
    pub id: i64,
}

#[derive(Model, Clone, Debug)]
#[model(drop(tags))]
pub struct Book {
    pub id: i64,
}

fn main() {}
