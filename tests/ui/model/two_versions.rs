use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(version)]
    pub version: i32,
    #[field(version)]
    pub edition: i32,
}

fn main() {}
