use nuages::prelude::*;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(validators(small))]
    pub it: i64,
}

fn small(_: &String) -> Result<(), &'static str> {
    Ok(())
}

fn main() {}
