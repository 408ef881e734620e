use nuages::prelude::*;

#[derive(Model)]
#[model(unique(fields(title, pages), nulls_distinct = false))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    pub pages: i32,
}

fn main() {}
