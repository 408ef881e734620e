use nuages::field::File;
use nuages::prelude::*;

fn name(of: &str) -> &str {
    of
}

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(upload_to = name)]
    pub it: Option<File>,
}

fn main() {}
