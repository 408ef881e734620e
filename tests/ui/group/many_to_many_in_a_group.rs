use nuages::prelude::*;

#[derive(Fields)]
pub struct Stamps {
    #[field(auto_now_add)]
    pub created: DateTime,
    pub books: ManyToMany<Book>,
}

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    #[field(flatten)]
    pub stamps: Stamps,
}

fn main() {}
