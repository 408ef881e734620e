use nuages::field::File;
use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(extensions(".pdf"))]
    pub it: Option<File>,
}

fn main() {}
