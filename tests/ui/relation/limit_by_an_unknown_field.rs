use nuages::prelude::*;

#[derive(Model)]
pub struct Author {
    pub id: i64,
    #[field(max_length = 120)]
    pub name: String,
    pub active: bool,
}

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(on_delete = Cascade, limit_choices_to = |a| a.activ.eq(true))]
    pub it: ForeignKey<Author>,
}

fn main() {}
