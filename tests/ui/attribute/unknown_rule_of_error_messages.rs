use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200, error_messages(requierd = "Say a title."))]
    pub title: String,
}

fn main() {}
