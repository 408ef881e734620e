use nuages::prelude::*;

#[derive(Fields)]
pub struct Stamps {
    #[field(auto_now_add)]
    pub created: DateTime,
    #[field(on_delete = SetNull, related_name = parts)]
    pub book: Option<ForeignKey<Book>>,
}

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    #[field(flatten)]
    pub stamps: Stamps,
}

fn main() {}
