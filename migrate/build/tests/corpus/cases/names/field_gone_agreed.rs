use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(drop(title))]
pub struct Book {
    pub id: i64,
}

fn main() {}
