use nuages::field::Image;
use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(width_field = width)]
    pub it: Option<Image>,
    pub width: i32,
}

fn main() {}
