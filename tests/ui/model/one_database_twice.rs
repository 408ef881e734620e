use nuages::prelude::*;

#[derive(Model)]
#[model(only(postgres, postgres))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
}

fn main() {}
