//! A newtype has the lookups of the value inside.

use super::{DatedField, NumericField, OrderedField, TextField};
use crate::field::Newtype;

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
