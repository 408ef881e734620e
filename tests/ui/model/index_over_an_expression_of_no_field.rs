use nuages::prelude::*;

#[derive(Model)]
#[model(only(postgres), index(fields("lower(titel)"), name = "by_title"))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
}

fn main() {}
