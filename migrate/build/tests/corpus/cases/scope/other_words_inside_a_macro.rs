use nuages::prelude::*;

mod kinds {
    use nuages::prelude::*;

    #[derive(Choices, Clone, Copy, PartialEq, Debug)]
    pub enum Status {
        Draft,
    }
}

use kinds::*;

macro_rules! status {
    ($($word:ident)*) => {
        #[derive(Choices, Clone, Copy, PartialEq, Debug)]
        pub enum Status {
            $($word,)*
        }
    };
}

status!(Draft Live);

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(check_choices, backfill = Status::Draft)]
    pub status: Status,
}

fn main() {}
