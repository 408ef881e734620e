use nuages::prelude::*;

#[derive(Model)]
#[model(primary_key(order, position))]
pub struct Line {
    pub order: i64,
    pub position: i32,
}

#[derive(Model)]
pub struct Note {
    pub id: i64,
    #[field(on_delete = Cascade, related_name = notes)]
    pub line: ForeignKey<Line>,
}

fn main() {}
