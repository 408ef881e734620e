use nuages::prelude::*;

const PRICE: Decimal = dec!(1e5);

fn main() {}
