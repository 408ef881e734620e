use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(persist = false)]
    pub pages: i64,
}

fn main() {}
