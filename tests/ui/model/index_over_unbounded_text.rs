use nuages::prelude::*;

#[derive(Model)]
#[model(index(text))]
pub struct Book {
    pub id: i64,
    pub text: String,
}

fn main() {}
