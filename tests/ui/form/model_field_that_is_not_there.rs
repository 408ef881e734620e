use nuages::prelude::*;

#[derive(Model)]
pub struct Author {
    pub id: i64,
    #[field(max_length = 120)]
    pub name: String,
    pub born: Option<Date>,
}

#[derive(nuages::Form)]
#[form(model = Author)]
struct AuthorForm {
    nam: String,
}

fn main() {}
