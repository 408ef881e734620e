use nuages::prelude::*;

#[derive(Field, Clone, PartialEq, Debug)]
pub struct Isbn(String);

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 16)]
    pub isbn: Isbn,
}

fn main() {}
