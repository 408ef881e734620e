use nuages::prelude::*;

const PRICE: Decimal = dec!("12.50");

fn main() {}
