use nuages::prelude::*;

#[derive(Form)]
pub struct Contact {
    #[form(widget = texarea)]
    pub name: String,
}

fn main() {}
