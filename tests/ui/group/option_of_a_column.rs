use nuages::prelude::*;

#[derive(Fields)]
pub struct Stamps {
    #[field(auto_now_add)]
    pub created: DateTime,
}

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    #[field(flatten, db_column = "stamps")]
    pub stamps: Stamps,
}

fn main() {}
