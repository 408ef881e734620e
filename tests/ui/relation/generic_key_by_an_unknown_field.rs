use nuages::prelude::*;

#[derive(Model)]
#[model(generic_foreign_key(kind, object))]
pub struct TaggedItem {
    pub id: i64,
    #[field(max_length = 80)]
    pub kind: String,
    pub object_id: i64,
}

fn main() {}
