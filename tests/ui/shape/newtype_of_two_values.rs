use nuages::prelude::*;

#[derive(Field, Clone)]
pub struct Isbn(String, String);

fn main() {}
