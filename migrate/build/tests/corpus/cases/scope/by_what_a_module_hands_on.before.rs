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

mod kinds {
    pub use super::old::*;
}

use kinds::*;

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    pub status: Status,
}

fn main() {}
