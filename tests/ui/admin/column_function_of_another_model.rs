use nuages::prelude::*;

#[derive(Model)]
pub struct Author {
    pub id: i64,
    #[field(max_length = 120)]
    pub name: String,
    pub born: Option<Date>,
}

#[derive(Model)]
#[admin(list_display(fn(shout)))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    #[field(on_delete = Cascade)]
    pub author: ForeignKey<Author>,
    pub published: Option<Date>,
}

fn shout(author: &Author) -> String {
    author.name.to_uppercase()
}

fn main() {}
