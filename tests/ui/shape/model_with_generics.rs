use nuages::prelude::*;

#[derive(Model)]
pub struct Book<T> {
    pub id: i64,
    pub title: T,
}

fn main() {}
