use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(was = "Book", db_table = "shop_book")]
pub struct Volume {
    pub id: i64,
    #[field(max_length = 100)]
    pub title: String,
}

fn main() {}
