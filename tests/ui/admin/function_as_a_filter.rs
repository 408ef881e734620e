use nuages::prelude::*;

#[derive(Model)]
pub struct Author {
    pub id: i64,
    #[field(max_length = 120)]
    pub name: String,
    pub born: Option<Date>,
}

#[derive(Model)]
#[admin(list_filter(fn(shout)))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    #[field(on_delete = Cascade)]
    pub author: ForeignKey<Author>,
    pub published: Option<Date>,
}

fn main() {}
