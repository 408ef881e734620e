//! What a clock in some zone shows: a value that queries compute and no column holds.

use nuages_schema::ColumnKind;

use super::{Column, Field};
use crate::backend::Row;
use crate::error::Result;
use crate::path::{Key, NotNull, Nullness, Path};
use crate::value::{DateTime, Value};

/// What a clock in some zone shows at an instant; made by `in_zone`, for its date, its hour and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime(pub chrono::NaiveDateTime);

impl Field for LocalTime {
    const KIND: ColumnKind = ColumnKind::DateTime;
    type Base = Self;
    type Optional = Option<Self>;
    type Null = NotNull;
    type In<P: Path, K: Key, N: Nullness> = Column<P, N::Of<Self>>;

    fn to_value(&self) -> Value {
        Value::DateTime(self.0.and_utc())
    }

    fn read(row: &Row, at: usize) -> Result<Self> {
        DateTime::read(row, at).map(|shown| Self(shown.naive_utc()))
    }
}
