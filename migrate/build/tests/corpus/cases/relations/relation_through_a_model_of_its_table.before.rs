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
pub struct Book {
    pub id: i64,
    pub tags: ManyToMany<Tag>,
}

fn main() {}
