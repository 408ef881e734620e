use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 16, check_choices)]
    pub status: String,
}

fn main() {}
