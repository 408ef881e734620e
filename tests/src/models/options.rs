//! Options of fields that change what a write does or what a person is told.

use std::net::IpAddr;

use nuages::prelude::*;

/// An account that two people may change at once.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    display = "{owner}",
    permissions(close_account = "Can close an account"),
    default_permissions(view, change)
)]
pub struct Account {
    /// The key.
    pub id: i64,
    /// Whose it is.
    #[field(
        max_length = 40,
        unique,
        error_messages(required = "Whose is it?", unique = "That one has an account.")
    )]
    pub owner: String,
    /// What is on it.
    #[field(default = 0)]
    pub balance: i64,
    /// Counts the changes.
    #[field(version)]
    pub version: i32,
}

/// Somebody at an address.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(ordering(address), display = "{address}")]
pub struct Visitor {
    /// The key.
    pub id: i64,
    /// Where from.
    #[field(unique)]
    pub address: IpAddr,
    /// Through what.
    pub proxy: Option<IpAddr>,
    /// A small number without a sign.
    #[field(default = 0)]
    pub hops: u8,
    /// A larger one.
    #[field(default = 0)]
    pub port: u16,
    /// A large one.
    #[field(default = 0)]
    pub bytes: u32,
}

/// What the database puts in and computes.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(ordering(id), display = "{word}")]
pub struct Made {
    /// The key.
    pub id: i64,
    /// The only thing that must be said.
    #[field(max_length = 40)]
    pub word: String,
    /// A number.
    #[field(db_default = 7)]
    pub number: i32,
    /// Text with every quote.
    #[field(max_length = 40, db_default = "it's \\ \"so\"")]
    pub text: String,
    /// Exact.
    #[field(max_digits = 6, decimal_places = 2, db_default = dec!(1.50))]
    pub price: Decimal,
    /// True or false.
    #[field(db_default = true)]
    pub flag: bool,
    /// An instant that the database knows.
    #[field(db_default = sql("CURRENT_TIMESTAMP"))]
    pub since: DateTime,
    /// NULL unless the database says otherwise.
    #[field(db_default = 3)]
    pub spare: Option<i64>,
    /// Computed and kept.
    #[field(generated = "price * number", max_digits = 12, decimal_places = 2)]
    pub total: Decimal,
    /// Of what may be NULL.
    #[field(generated = "spare + 1", index)]
    pub next: Option<i64>,
}
