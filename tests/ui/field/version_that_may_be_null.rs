use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(version)]
    pub version: Option<i32>,
}

fn main() {}
