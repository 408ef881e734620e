use nuages::prelude::*;

pub struct Tag;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    pub tags: ManyToMany<Tag>,
}

fn main() {}
