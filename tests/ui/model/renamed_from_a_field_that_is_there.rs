use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(was = "title", max_length = 9)]
    pub name: String,
    #[field(max_length = 200)]
    pub title: String,
}

fn main() {}
