use nuages::prelude::*;

#[derive(Model)]
pub struct Place {
    pub id: i64,
    pub spot: (i32, i32),
}

fn main() {}
