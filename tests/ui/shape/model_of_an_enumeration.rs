use nuages::prelude::*;

#[derive(Model)]
pub enum Status {
    Draft,
}

fn main() {}
