use nuages::prelude::*;

#[derive(Form)]
pub struct Contact {
    name: std::thread::Thread,
}

fn main() {}
