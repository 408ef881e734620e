use nuages::prelude::*;

#[derive(Model)]
#[model(default_permissions(add, edit))]
pub struct Book {
    pub id: i64,
}

fn main() {}
