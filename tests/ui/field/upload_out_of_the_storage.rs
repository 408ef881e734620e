use nuages::field::Image;
use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(upload_to = "../covers")]
    pub it: Option<Image>,
}

fn main() {}
