use nuages::prelude::*;

#[derive(Model)]
#[model(only(postgres), unique(fields(lowre(title)), name = "one_title"))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
}

fn main() {}
