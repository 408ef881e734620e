use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(on_delete = Cascade)]
    pub it: i64,
}

fn main() {}
