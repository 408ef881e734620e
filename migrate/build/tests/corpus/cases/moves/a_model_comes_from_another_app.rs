use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Tag {
    pub id: i64,
}

#[derive(Model, Clone, Debug)]
#[model(was = "old.Book")]
pub struct Book {
    pub id: i64,
    #[field(max_length = 100)]
    pub title: String,
    pub tags: ManyToMany<Tag>,
}

fn main() {}
