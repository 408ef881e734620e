use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(was = "Book")]
pub struct Volume {
    pub id: i64,
    #[field(max_length = 100)]
    pub title: String,
}

fn main() {}
