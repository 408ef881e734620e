//! Structs around one value as column types, stored as that value.

use super::Field;

/// A struct around one value of a column type; `#[derive(Field)]` implements it.
///
/// It has the lookups of the value inside.
pub trait Newtype: Field {
    /// The type of the value inside.
    type Inner: Field;

    /// Puts a value inside.
    fn wrap(inner: Self::Inner) -> Self;

    /// The value inside.
    fn inner(&self) -> &Self::Inner;
}
