use nuages::prelude::*;

#[derive(Model)]
pub struct Author {
    pub id: i64,
    #[field(max_length = 120)]
    pub name: String,
    pub active: bool,
}

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(through = Writing, through_fields(book, year))]
    pub authors: ManyToMany<Author>,
}

#[derive(Model)]
pub struct Writing {
    pub id: i64,
    #[field(on_delete = Cascade)]
    pub book: ForeignKey<Book>,
    #[field(on_delete = Cascade)]
    pub author: ForeignKey<Author>,
    pub year: i32,
}

fn main() {}
