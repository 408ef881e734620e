use nuages::prelude::*;

#[derive(Model)]
pub struct Author {
    pub id: i64,
    #[field(max_length = 120)]
    pub name: String,
    pub born: Option<Date>,
}

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(on_delete = Cascade, related_name = books)]
    pub author: ForeignKey<Author>,
    #[field(on_delete = Cascade, related_name = books)]
    pub editor: ForeignKey<Author>,
}

fn main() {}
