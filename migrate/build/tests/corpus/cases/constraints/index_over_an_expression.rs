use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(only(sqlite, postgres), index(fields(lower(title), -price), name = "by_title"), unique(fields("title || price"), name = "one_price"))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    pub price: i32,
}

fn main() {}
