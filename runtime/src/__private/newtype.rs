//! What the column type of a newtype does, by the type inside.
//!
//! Only [`Newtype`] is asked for, so that a type inside that is no column is told once: where it stands.

use nuages_schema::ColumnKind;

use crate::backend::Row;
use crate::error::Result;
use crate::field::{Field, Newtype};
use crate::value::Value;

/// What the column holds.
#[must_use]
pub const fn kind<T: Newtype>() -> ColumnKind {
    T::Inner::KIND
}

/// The value inside, as the database gets it.
#[must_use]
pub fn to_value<T: Newtype>(value: &T) -> Value {
    value.inner().to_value()
}

/// Reads the value inside.
///
/// # Errors
/// If the column holds what the type cannot take.
pub fn read<T: Newtype>(row: &Row, at: usize) -> Result<T> {
    T::Inner::read(row, at).map(T::wrap)
}

/// The values allowed, if the type inside is an enumeration.
#[must_use]
pub fn choices<T: Newtype>() -> &'static [(&'static str, &'static str)] {
    T::Inner::choices()
}
