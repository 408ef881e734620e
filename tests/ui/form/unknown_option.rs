use nuages::prelude::*;

#[derive(Form)]
pub struct Contact {
    #[form(lable = "Name")]
    pub name: String,
}

fn main() {}
