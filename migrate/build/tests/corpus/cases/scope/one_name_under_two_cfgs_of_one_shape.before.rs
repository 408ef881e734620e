use nuages::prelude::*;

mod old {
    use nuages::prelude::*;

    #[derive(Choices, Clone, Copy, PartialEq, Debug)]
    pub enum Status {
        Draft,
        WithdrawnByTheAuthor,
    }
}

mod new {
    use nuages::prelude::*;

    #[derive(Choices, Clone, Copy, PartialEq, Debug)]
    pub enum Status {
        Draft,
    }
}

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    pub status: old::Status,
}

fn main() {}
