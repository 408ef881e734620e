use nuages::prelude::*;

#[derive(Model)]
#[model(index(fields(title), condition = "pages > 0"))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    pub pages: i32,
}

fn main() {}
