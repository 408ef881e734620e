use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(only(sqlite))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
}

fn main() {}
