use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Review {
    pub id: i64,
    #[field(on_delete = Cascade)]
    pub book: ForeignKey<Book>,
}

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 100)]
    pub title: String,
}

nuages::app!();

fn main() {}
