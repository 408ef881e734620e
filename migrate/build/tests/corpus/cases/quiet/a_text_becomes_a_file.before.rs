use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 255)]
    pub cover: String,
    #[field(max_length = 100)]
    pub text: Option<String>,
}

fn main() {}
