use nuages::prelude::*;

#[derive(Model)]
pub struct Review {
    pub id: i64,
    #[field(on_delete = Cascade)]
    pub book: ForeignKey<Book>,
    pub stars: i16,
}

#[derive(Model)]
#[admin(inlines(Review(fields(starz))))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    pub published: Option<Date>,
}

fn main() {}
