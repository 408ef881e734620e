use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(generated = "id + 1", default = 2)]
    pub pages: i64,
}

fn main() {}
