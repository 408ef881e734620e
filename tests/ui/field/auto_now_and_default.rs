use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(auto_now, default = DateTime::UNIX_EPOCH)]
    pub it: DateTime,
}

fn main() {}
