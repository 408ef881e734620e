use nuages::prelude::*;

#[derive(Model)]
pub struct Author {
    pub id: i64,
    #[field(max_length = 120)]
    pub name: String,
    pub active: bool,
}

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(through_fields(book, author))]
    pub authors: ManyToMany<Author>,
}

fn main() {}
