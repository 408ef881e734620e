use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(only(sqlite, postgres), check(name = "few", "id < 100"))]
pub struct Book {
    pub id: i64,
}

fn main() {}
