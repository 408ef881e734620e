use nuages::prelude::*;

#[derive(Model)]
#[model(index(fields(lower(title)), name = "by_title"))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
}

fn main() {}
