use nuages::prelude::*;

pub struct Author;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(on_delete = Cascade)]
    pub author: ForeignKey<Author>,
}

fn main() {}
