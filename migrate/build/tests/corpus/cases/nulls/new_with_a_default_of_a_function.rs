use nuages::prelude::*;

fn one() -> i32 {
    1
}

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(default = one())]
    pub pages: i32,
}

fn main() {}
