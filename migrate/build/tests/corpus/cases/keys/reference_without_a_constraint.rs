use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Shelf {
    pub id: i64,
}

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(on_delete = Cascade, db_constraint = false)]
    pub shelf: ForeignKey<Shelf>,
}

fn main() {}
