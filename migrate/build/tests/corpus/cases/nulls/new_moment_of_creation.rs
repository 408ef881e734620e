use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(auto_now_add)]
    pub created: DateTime,
}

fn main() {}
