use nuages::prelude::*;

mod people {
    use nuages::prelude::*;

    #[derive(Model, Clone, Debug)]
    #[model(app_label = "people")]
    pub struct Author {
        pub id: i64,
    }
}

mod shop {
    use nuages::prelude::*;

    #[derive(Model, Clone, Debug)]
    pub struct Author {
        pub id: i64,
    }
}

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(on_delete = Cascade)]
    pub author: ForeignKey<shop::Author>,
}

fn main() {}
