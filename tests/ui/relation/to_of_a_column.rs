use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(to = "people.Author")]
    pub author: i64,
}

fn main() {}
