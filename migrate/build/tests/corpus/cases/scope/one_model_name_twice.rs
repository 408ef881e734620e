use nuages::prelude::*;

mod people {
    use nuages::prelude::*;

    #[derive(Model, Clone, Debug)]
    pub struct Author {
        pub id: i64,
    }
}

#[derive(Model, Clone, Debug)]
pub struct Author {
    pub id: i64,
}

fn main() {}
