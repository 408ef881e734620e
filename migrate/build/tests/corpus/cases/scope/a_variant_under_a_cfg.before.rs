use nuages::prelude::*;

#[derive(Choices, Clone, Copy, PartialEq, Debug)]
pub enum Status {
    Draft,
    WithdrawnByTheAuthor,
}

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    pub status: Status,
}

fn main() {}
