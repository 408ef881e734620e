use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Shelf {
    #[field(max_length = 20)]
    pub id: String,
}

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(on_delete = Cascade)]
    pub shelf: ForeignKey<Shelf>,
}

fn main() {}
