use nuages::prelude::*;

nuages::app!(drop(Book));

fn main() {}
