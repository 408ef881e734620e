use nuages::field::{File, Image, StorageAlias};
use nuages::prelude::*;

pub struct Private;

impl StorageAlias for Private {
    const ALIAS: &'static str = "private";
}

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(upload_to = "covers/%Y", max_size = 5_000_000)]
    pub cover: Image,
    #[field(max_length = 100, extensions("pdf"))]
    pub text: Option<File<Private>>,
}

fn main() {}
