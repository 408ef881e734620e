use std::thread::Thread;

use nuages::prelude::*;

#[derive(Form)]
pub struct Contact {
    name: Thread,
}

fn main() {}
