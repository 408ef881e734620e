use nuages::prelude::*;

#[derive(Model)]
#[model(only(postgres), unique(fields(title, pages), deferrable = Later))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    pub pages: i32,
}

fn main() {}
