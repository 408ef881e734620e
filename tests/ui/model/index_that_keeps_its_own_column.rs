use nuages::prelude::*;

#[derive(Model)]
#[model(only(postgres), index(fields(title), include(title)))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    pub pages: i32,
}

fn main() {}
