nuages::app!(lable = "shop");

fn main() {}
