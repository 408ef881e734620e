// The first message names the fix, at the field. The others cannot be kept from coming: what a foreign key holds is the
// key of its model, so wherever the compiler asks whether `Book` may be sent to another thread it looks for that key again.
use nuages::prelude::*;

pub struct Author;

#[derive(Model)]
pub struct Book {
    pub id: i64,
    #[field(on_delete = Cascade)]
    pub author: ForeignKey<Author>,
}

fn main() {}
