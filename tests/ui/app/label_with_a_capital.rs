nuages::app!(label = "Shop");

fn main() {}
