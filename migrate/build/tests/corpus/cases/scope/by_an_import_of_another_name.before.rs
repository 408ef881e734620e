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

use old::Status as State;

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    pub status: State,
}

fn main() {}
