use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(widget = textaera)]
    pub it: String,
}

fn main() {}
