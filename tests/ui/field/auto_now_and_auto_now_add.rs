use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(auto_now, auto_now_add)]
    pub it: DateTime,
}

fn main() {}
