use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(help_text = "in euros")]
    pub it: Decimal,
}

fn main() {}
