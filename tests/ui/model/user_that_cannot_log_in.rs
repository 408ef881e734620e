use nuages::prelude::*;

#[derive(Model, Clone)]
#[model(user)]
pub struct Member {
    pub id: i64,
    #[field(max_length = 150, unique)]
    pub username: String,
    #[field(max_length = 128)]
    pub password: String,
}

fn main() {}
