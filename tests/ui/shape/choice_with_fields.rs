use nuages::prelude::*;

#[derive(Choices, Clone, Copy)]
pub enum Status {
    Draft,
    Published(i64),
}

fn main() {}
