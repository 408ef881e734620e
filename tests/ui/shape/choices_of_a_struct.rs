use nuages::prelude::*;

#[derive(Choices, Clone, Copy)]
pub struct Status;

fn main() {}
