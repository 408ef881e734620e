use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(version, default = 3)]
    pub version: i32,
}

fn main() {}
