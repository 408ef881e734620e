use nuages::prelude::*;

#[derive(Model)]
#[model(primary_key(language, word))]
pub struct Term {
    #[field(max_length = 20)]
    pub language: String,
    pub word: String,
}

fn main() {}
