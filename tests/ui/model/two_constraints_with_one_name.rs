use nuages::prelude::*;

#[derive(Model)]
#[model(check(name = "one", "id > 0"), check(name = "one", "id > 1"))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
}

fn main() {}
