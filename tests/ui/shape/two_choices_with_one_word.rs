use nuages::prelude::*;

#[derive(Choices, Clone, Copy)]
pub enum Status {
    Draft,
    #[choice(value = "draft")]
    Sketch,
}

fn main() {}
