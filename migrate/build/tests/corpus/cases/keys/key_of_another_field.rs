use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Book {
    #[field(max_length = 20, primary_key)]
    pub isbn: String,
}

fn main() {}
