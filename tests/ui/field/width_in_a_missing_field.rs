use nuages::field::Image;
use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(width_field = widht)]
    pub it: Option<Image>,
    pub width: Option<i32>,
}

fn main() {}
