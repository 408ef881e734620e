//! Structs around one value as column types, stored as that value.

use super::Field;
use crate::expr::{DatedField, NumericField, OrderedField, TextField};

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

#[diagnostic::do_not_recommend]
impl<T: Newtype<Inner: TextField>> TextField for T {}

#[diagnostic::do_not_recommend]
impl<T: Newtype<Inner: OrderedField>> OrderedField for T {}

#[diagnostic::do_not_recommend]
impl<T: Newtype<Inner: DatedField>> DatedField for T {}

#[diagnostic::do_not_recommend]
impl<T: Newtype<Inner: NumericField>> NumericField for T {
    type Sum = <T::Inner as NumericField>::Sum;
    type Average = <T::Inner as NumericField>::Average;
}

/// Makes a struct with [`Newtype`] a column type; what `derive(Field)` calls.
#[doc(hidden)]
#[macro_export]
macro_rules! __newtype_field {
    ($type:ty) => {
        impl $crate::field::Field for $type {
            const KIND: $crate::schema::ColumnKind = $crate::__private::newtype::kind::<Self>();
            type Base = Self;
            type Optional = ::core::option::Option<Self>;
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
