use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    pub pages: i64,
    #[field(generated = "pages + 1", persist = false)]
    pub more: i64,
}

fn main() {}
