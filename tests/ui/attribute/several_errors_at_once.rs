use nuages::prelude::*;

#[derive(Model)]
#[model(orderng(title))]
pub struct Book {
    pub id: i64,
    #[field(max_lenght = 200, uniqe)]
    pub title: String,
}

fn main() {}
