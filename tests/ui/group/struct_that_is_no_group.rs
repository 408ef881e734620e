use nuages::prelude::*;

#[derive(Clone)]
pub struct Stamps {
    pub created: DateTime,
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
