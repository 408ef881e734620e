use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Author {
    pub id: i64,
}

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(on_delete = Cascade, to = "Author")]
    pub author: ForeignKey<Author>,
}

fn main() {}
