use nuages::prelude::*;

#[derive(Choices, Clone, Copy, PartialEq, Debug)]
pub enum Status {
    Draft,
    Sold,
    Lost,
}

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(default = Status::Draft, check_choices)]
    pub status: Status,
}

fn main() {}
