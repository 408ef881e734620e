use nuages::prelude::*;

#[derive(Clone)]
pub struct Paper;

#[derive(Field, Clone)]
pub struct Isbn(Paper);

fn main() {}
