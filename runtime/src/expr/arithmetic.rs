//! Arithmetic with columns and expressions: which numbers mix, and what comes out.

use std::ops::{Add, Div, Mul, Rem, Sub};

use rust_decimal::Decimal;

use super::{Computed, Expr, Expression, Kind, Operator, OrderedField};
use crate::field::{Column, Field};
use crate::model::Model;
use crate::path::{NotNull, Nullness, Path};

/// Types that can be added up.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a number", label = "not a number")]
pub trait NumericField: OrderedField {
    /// The type of a sum.
    type Sum: Field;
    /// The type of an average.
    type Average: Field;
}

macro_rules! numbers {
    ($($type:ty => $sum:ty, $average:ty;)*) => {$(
        impl NumericField for $type {
            type Sum = Option<$sum>;
            type Average = Option<$average>;
        }
    )*};
}

numbers! {
    i16 => i64, f64;
    i32 => i64, f64;
    i64 => i64, f64;
    u8 => i64, f64;
    u16 => i64, f64;
    u32 => i64, f64;
    f32 => f64, f64;
    f64 => f64, f64;
    Decimal => Decimal, Decimal;
}

/// Numbers that can stand on both sides of an operator: two of one type, or a narrower and a wider one.
/// Whole numbers of two types make an `i64`, a decimal and a whole number a `Decimal`, anything and a float an `f64`.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` cannot be calculated with one of type `{Other}`",
    label = "these two numbers do not mix"
)]
pub trait Mixes<Other>: NumericField {
    /// The type of the result.
    type Result: NumericField;
}

impl<T: NumericField> Mixes<T> for T {
    type Result = T;
}

macro_rules! mixes {
    ($($one:ty, [$($other:ty),*] => $result:ty;)*) => {$($(
        impl Mixes<$other> for $one {
            type Result = $result;
        }

        impl Mixes<$one> for $other {
            type Result = $result;
        }
    )*)*};
}

mixes! {
    i64, [i16, i32, u8, u16, u32] => i64;
    i32, [i16, u8, u16, u32] => i64;
    i16, [u8, u16, u32] => i64;
    u32, [u8, u16] => i64;
    u16, [u8] => i64;
    Decimal, [i16, i32, i64, u8, u16, u32] => Decimal;
    f64, [i16, i32, i64, u8, u16, u32, f32, Decimal] => f64;
    f32, [i16, i32, i64, u8, u16, u32, Decimal] => f64;
}

/// The right side of an operator whose left side is a number of type `T`, in a query about `M`:
/// a value, a reference to one, a column, or an expression.
#[diagnostic::on_unimplemented(
    message = "a column of type `{T}` cannot be calculated with `{Self}`",
    label = "expected a `{T}`, or a column of a number"
)]
pub trait Factor<M: Model, T> {
    /// The type of the result, but for NULL.
    type Result: Field;
    /// Whether it may be NULL.
    type Null: Nullness;

    /// The expression.
    fn factor(self) -> Expr;
}

impl<M: Model, T: NumericField> Factor<M, T> for T {
    type Result = T;
    type Null = NotNull;

    fn factor(self) -> Expr {
        Expr::Value(self.to_value())
    }
}

impl<M: Model, T: NumericField> Factor<M, T> for &T {
    type Result = T;
    type Null = NotNull;

    fn factor(self) -> Expr {
        Expr::Value(self.to_value())
    }
}

/// Values of another type than the column's. Of the whole numbers only `i64` is among them, so that a literal
/// as in `b.price * 2` has one meaning.
macro_rules! values_mix {
    ($($value:ty, [$($with:ty),*] => $result:ty;)*) => {$($(
        impl<M: Model> Factor<M, $with> for $value {
            type Result = $result;
            type Null = NotNull;

            fn factor(self) -> Expr {
                Expr::Value(self.to_value())
            }
        }
    )*)*};
}

values_mix! {
    i64, [Decimal] => Decimal;
    i64, [f32, f64] => f64;
    Decimal, [i16, i32, i64, u8, u16, u32] => Decimal;
    f64, [i16, i32, i64, u8, u16, u32] => f64;
}

impl<P: Path, T: Field, L: Mixes<T::Base>> Factor<P::Root, L> for Column<P, T> {
    type Result = L::Result;
    type Null = <P::Null as Nullness>::Or<T::Null>;

    fn factor(self) -> Expr {
        self.into_expr()
    }
}

impl<M: Model, T: Field, L: Mixes<T::Base>, K: Kind> Factor<M, L> for Computed<M, T, K> {
    type Result = L::Result;
    type Null = T::Null;

    fn factor(self) -> Expr {
        self.into_expr()
    }
}

/// The value of an operator: NULL where one of its sides is.
type Outcome<L, M, R> =
    <<<L as Field>::Null as Nullness>::Or<<R as Factor<M, <L as Field>::Base>>::Null> as Nullness>::Of<
        <R as Factor<M, <L as Field>::Base>>::Result,
    >;

macro_rules! operators {
    ($($trait:ident, $method:ident, $operator:ident;)*) => {$(
        operators!(@one $trait, $method, $operator, Column<P, T>, [P: Path, T: Field], P::Root, <P::Null as Nullness>::Of<T>);
        operators!(@one $trait, $method, $operator, Computed<M, T, K>, [M: Model, T: Field, K: Kind], M, T);
    )*};
    (@one $trait:ident, $method:ident, $operator:ident, $type:ty, [$($generics:tt)*], $root:ty, $value:ty) => {
        impl<$($generics)*, V: Factor<$root, <$value as Field>::Base>> $trait<V> for $type
        where
            <$value as Field>::Base: NumericField,
        {
            type Output = Computed<$root, Outcome<$value, $root, V>>;

            fn $method(self, other: V) -> Self::Output {
                let (left, right) = (Box::new(self.into_expr()), Box::new(other.factor()));
                Computed::new(Expr::Binary(left, Operator::$operator, right))
            }
        }
    };
}

/// A value on the left: `100 - b.price`.
macro_rules! values_first {
    ($($value:ty { $($trait:ident, $method:ident, $operator:ident;)* })*) => {$($(
        impl<P: Path, T: Field> $trait<Column<P, T>> for $value
        where
            $value: Mixes<T::Base>,
        {
            type Output = Computed<
                P::Root,
                <<P::Null as Nullness>::Or<T::Null> as Nullness>::Of<<$value as Mixes<T::Base>>::Result>,
            >;

            fn $method(self, other: Column<P, T>) -> Self::Output {
                let value = Box::new(Expr::Value(self.to_value()));
                Computed::new(Expr::Binary(value, Operator::$operator, Box::new(other.into_expr())))
            }
        }

        impl<M: Model, T: Field, K: Kind> $trait<Computed<M, T, K>> for $value
        where
            $value: Mixes<T::Base>,
        {
            type Output = Computed<M, <T::Null as Nullness>::Of<<$value as Mixes<T::Base>>::Result>>;

            fn $method(self, other: Computed<M, T, K>) -> Self::Output {
                let value = Box::new(Expr::Value(self.to_value()));
                Computed::new(Expr::Binary(value, Operator::$operator, Box::new(other.into_expr())))
            }
        }
    )*)*};
}

values_first! {
    i32 { Add, add, Add; Sub, sub, Subtract; Mul, mul, Multiply; Div, div, Divide; Rem, rem, Modulo; }
    i64 { Add, add, Add; Sub, sub, Subtract; Mul, mul, Multiply; Div, div, Divide; Rem, rem, Modulo; }
    f64 { Add, add, Add; Sub, sub, Subtract; Mul, mul, Multiply; Div, div, Divide; Rem, rem, Modulo; }
    Decimal { Add, add, Add; Sub, sub, Subtract; Mul, mul, Multiply; Div, div, Divide; Rem, rem, Modulo; }
}

operators! {
    Add, add, Add;
    Sub, sub, Subtract;
    Mul, mul, Multiply;
    Div, div, Divide;
    Rem, rem, Modulo;
}
