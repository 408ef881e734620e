use nuages::prelude::*;

#[derive(Form)]
pub struct Contact {
    #[form(min_length = 9, max_length = 3)]
    pub name: String,
}

fn main() {}
