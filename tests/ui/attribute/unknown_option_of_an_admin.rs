use nuages::prelude::*;

#[derive(Model)]
#[admin(list_disply(title))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
}

fn main() {}
