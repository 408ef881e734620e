use nuages::prelude::*;

nuages::app!();

fn main() {}
