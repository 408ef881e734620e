//! Every kind of column, with and without NULL, and types of our own.

use nuages::prelude::*;
use nuages::value::Duration;

/// A key that the program makes.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(display = "{text}")]
pub struct Everything {
    /// A UUID as the key.
    #[field(primary_key, default = fresh())]
    pub key: Uuid,
    /// `bool`.
    pub flag: bool,
    /// 16 bits.
    pub small: i16,
    /// 32 bits.
    pub middle: i32,
    /// 64 bits.
    pub large: i64,
    /// Binary floating point, 32 bits.
    pub single: f32,
    /// Binary floating point, 64 bits.
    pub double: f64,
    /// Exact.
    #[field(max_digits = 20, decimal_places = 6)]
    pub exact: Decimal,
    /// Text without a bound.
    pub text: String,
    /// Text with one.
    #[field(max_length = 50)]
    pub short: String,
    /// A day.
    pub day: Date,
    /// A time of day.
    pub time: Time,
    /// An instant.
    pub instant: DateTime,
    /// A length of time.
    pub length: Duration,
    /// A UUID.
    pub uuid: Uuid,
    /// A document.
    pub json: Json,
    /// Bytes.
    pub bytes: Vec<u8>,
}

fn fresh() -> Uuid {
    Uuid::now_v7()
}

/// The same, where everything may be missing.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(display = "{id}")]
pub struct Nothing {
    /// The key.
    pub id: i64,
    /// `bool`.
    pub flag: Option<bool>,
    /// 16 bits.
    pub small: Option<i16>,
    /// 32 bits.
    pub middle: Option<i32>,
    /// 64 bits.
    pub large: Option<i64>,
    /// Binary floating point, 64 bits.
    pub double: Option<f64>,
    /// Exact.
    #[field(max_digits = 20, decimal_places = 6)]
    pub exact: Option<Decimal>,
    /// Text.
    pub text: Option<String>,
    /// A day.
    pub day: Option<Date>,
    /// A time of day.
    pub time: Option<Time>,
    /// An instant.
    pub instant: Option<DateTime>,
    /// A length of time.
    pub length: Option<Duration>,
    /// A UUID.
    pub uuid: Option<Uuid>,
    /// A document.
    pub json: Option<Json>,
    /// Bytes.
    pub bytes: Option<Vec<u8>>,
}

/// A temperature: a newtype as a column.
#[derive(Field, Clone, Copy, Debug, PartialEq)]
pub struct Celsius(pub f64);

/// A long name for a long number.
pub type Metres = i32;

/// A place, measured in types of our own.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(ordering(height), display = "{name}")]
pub struct Place {
    /// The key.
    pub id: i64,
    /// What it is called.
    #[field(max_length = 60)]
    pub name: String,
    /// A newtype.
    #[field(column = double)]
    pub warmth: Celsius,
    /// A newtype that may be missing.
    #[field(column = double)]
    pub record: Option<Celsius>,
    /// An alias.
    #[field(column = integer)]
    pub height: Metres,
}
