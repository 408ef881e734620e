use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Review {
    pub id: i64,
    #[field(on_delete = Cascade)]
    pub book: ForeignKey<library::Book>,
}

nuages::app!(moved(library::Book));

fn main() {}
