use nuages::prelude::*;

#[derive(Model)]
pub struct Author {
    pub id: i64,
}

#[derive(Model)]
#[model(default_related_name = books)]
pub struct Book {
    pub id: i64,
    #[field(on_delete = Cascade)]
    pub author: ForeignKey<Author>,
    #[field(on_delete = Cascade)]
    pub editor: ForeignKey<Author>,
}

fn main() {}
