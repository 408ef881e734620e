use nuages::prelude::*;

#[derive(Model)]
#[model(ordering = title)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
}

fn main() {}
