use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 100)]
    pub title: String,
}

macro_rules! model {
    ($name:ident) => {
        #[derive(Model, Clone, Debug)]
        pub struct $name {
            pub id: i64,
        }
    };
}

model!(Author);

fn main() {}
