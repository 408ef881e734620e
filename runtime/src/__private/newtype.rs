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

/// The most characters of a text, where the type inside tells.
#[must_use]
pub const fn max_length<T: Newtype>() -> Option<u32> {
    T::Inner::MAX_LENGTH
}

/// The words, if the type inside is an enumeration of choices.
#[must_use]
pub const fn words<T: Newtype>() -> &'static [(&'static str, &'static str)] {
    T::Inner::WORDS
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

/// Makes a struct with [`Newtype`] a column type; what `derive(Field)` calls.
#[doc(hidden)]
#[macro_export]
macro_rules! __newtype_field {
    ($type:ty) => {
        impl $crate::field::Field for $type {
            const KIND: $crate::schema::ColumnKind = $crate::__private::newtype::kind::<Self>();
            const MAX_LENGTH: ::core::option::Option<::core::primitive::u32> =
                $crate::__private::newtype::max_length::<Self>();
            const WORDS: &'static [(&'static ::core::primitive::str, &'static ::core::primitive::str)] =
                $crate::__private::newtype::words::<Self>();
            type Base = Self;
            type Optional = ::core::option::Option<Self>;
            type Null = $crate::path::NotNull;
            type In<P: $crate::path::Path, K: $crate::path::Key, N: $crate::path::Nullness> =
                $crate::field::Column<P, N::Of<Self>>;

            fn to_value(&self) -> $crate::value::Value {
                $crate::__private::newtype::to_value(self)
            }

            fn read(row: &$crate::backend::Row, at: ::core::primitive::usize) -> $crate::Result<Self> {
                $crate::__private::newtype::read(row, at)
            }

            fn choices() -> &'static [(&'static ::core::primitive::str, &'static ::core::primitive::str)] {
                $crate::__private::newtype::choices::<Self>()
            }
        }
        $crate::slot!($type);
    };
}
