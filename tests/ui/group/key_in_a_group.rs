use nuages::prelude::*;

#[derive(Fields)]
pub struct Stamps {
    #[field(primary_key)]
    pub number: i64,
}

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    #[field(flatten)]
    pub stamps: Stamps,
}

fn main() {}
