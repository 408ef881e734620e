use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub pages: i32,
}

fn main() {}
