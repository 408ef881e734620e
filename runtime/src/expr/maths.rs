//! The functions of numbers, and comparisons that give a value.

use super::methods::{call, number, on_columns};
use super::{
    Argument, Computed, Expr, Expression, Function, Kind, Like, NumericField, Operand, Operator, OrderedField,
};
use crate::field::{Column, Field};
use crate::model::Model;
use crate::path::{Nullness, Path};
use crate::value::DateTime;

macro_rules! maths {
    ($type:ty, [$($generics:tt)*], $root:ty, $value:ty) => {
        impl<$($generics)*> $type {
            /// The absolute value.
            pub fn abs(self) -> Computed<$root, $value>
            where
                <$value as Field>::Base: NumericField,
            {
                call(Function::Abs, vec![self.into_expr()])
            }

            /// The next whole number.
            pub fn ceil(self) -> Computed<$root, $value>
            where
                <$value as Field>::Base: NumericField,
            {
                call(Function::Ceil, vec![self.into_expr()])
            }

            /// The whole number before.
            pub fn floor(self) -> Computed<$root, $value>
            where
                <$value as Field>::Base: NumericField,
            {
                call(Function::Floor, vec![self.into_expr()])
            }

            /// Rounded to a number of decimal places, halves away from zero.
            pub fn round(self, places: u32) -> Computed<$root, $value>
            where
                <$value as Field>::Base: NumericField,
            {
                call(Function::Round, vec![self.into_expr(), number(places)])
            }

            /// -1, 0 or 1.
            pub fn sign(self) -> Computed<$root, Like<$value, i32>>
            where
                <$value as Field>::Base: NumericField,
            {
                call(Function::Sign, vec![self.into_expr()])
            }

            /// To the power of a whole number: written as a product, so that it is exact for decimals.
            pub fn power(self, exponent: u8) -> Computed<$root, $value>
            where
                <$value as Field>::Base: NumericField,
            {
                let base = self.into_expr();
                let times = |product: Expr, _| {
                    Expr::Binary(Box::new(product), Operator::Multiply, Box::new(base.clone()))
                };
                match exponent {
                    0 => Computed::new(Expr::Binary(
                        Box::new(Expr::Binary(Box::new(base.clone()), Operator::Multiply, Box::new(number(0)))),
                        Operator::Add,
                        Box::new(number(1)),
                    )),
                    _ => Computed::new((1..exponent).fold(base.clone(), times)),
                }
            }

            /// To the power of any number, as a float. SQLite has it only when compiled with its maths functions.
            pub fn powf(self, exponent: f64) -> Computed<$root, Like<$value, f64>>
            where
                <$value as Field>::Base: NumericField,
            {
                call(Function::Power, vec![self.into_expr(), Expr::Value(exponent.to_value())])
            }

            /// The square root. SQLite has it only when compiled with its maths functions.
            pub fn sqrt(self) -> Computed<$root, Like<$value, f64>>
            where
                <$value as Field>::Base: NumericField,
            {
                call(Function::Sqrt, vec![self.into_expr()])
            }

            /// e to the power of it. SQLite has it only when compiled with its maths functions.
            pub fn exp(self) -> Computed<$root, Like<$value, f64>>
            where
                <$value as Field>::Base: NumericField,
            {
                call(Function::Exp, vec![self.into_expr()])
            }

            /// The natural logarithm. SQLite has it only when compiled with its maths functions.
            pub fn ln(self) -> Computed<$root, Like<$value, f64>>
            where
                <$value as Field>::Base: NumericField,
            {
                call(Function::Ln, vec![self.into_expr()])
            }

            /// As another type: a number as any other number (whole ones are cut off behind the point, as by
            /// `as`), and whole numbers and dates as text.
            pub fn cast<C: Field>(self) -> Computed<$root, Like<$value, C>>
            where
                <$value as Field>::Base: CastTo<C>,
            {
                let inner = self.into_expr();
                let cuts = C::KIND.is_integer() && !<$value as Field>::KIND.is_integer();
                let inner = if cuts { Expr::Call(Function::Truncate, vec![inner]) } else { inner };
                Computed::new(Expr::Cast(Box::new(inner), C::KIND))
            }

            /// NULL where it equals a value.
            pub fn null_if<V: Operand<$root, <$value as Field>::Base>>(
                self,
                other: V,
            ) -> Computed<$root, <$value as Field>::Optional> {
                call(Function::NullIf, vec![self.into_expr(), other.operand()])
            }

            /// Another value where this one is NULL.
            pub fn coalesce<V: Operand<$root, <$value as Field>::Base>>(
                self,
                other: V,
            ) -> Computed<$root, <V::Null as Nullness>::Of<<$value as Field>::Base>> {
                call(Function::Coalesce, vec![self.into_expr(), other.operand()])
            }
        }
    };
}

on_columns!(maths);

/// Which types a value can be cast to.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be cast to `{C}`",
    label = "the three databases do not agree on such a cast"
)]
pub trait CastTo<C>: Field {}

macro_rules! casts {
    ($([$($from:ty),*] => [$($to:ty),*];)*) => {$(casts!(@each [$($from),*], [$($to),*]);)*};
    (@each [$($from:ty),*], $to:tt) => {$(casts!(@one $from, $to);)*};
    (@one $from:ty, [$($to:ty),*]) => {$(impl CastTo<$to> for $from {})*};
}

casts! {
    [i16, i32, i64, u8, u16, u32, f32, f64, crate::value::Decimal]
        => [i16, i32, i64, f32, f64, crate::value::Decimal];
    [i16, i32, i64, u8, u16, u32, crate::value::Date] => [String];
}

/// A value as an expression.
pub fn value<M: Model, V: Argument<M>>(value: V) -> Computed<M, V::Value> {
    Computed::new(value.argument())
}

/// The instant of the statement.
pub fn now<M: Model>() -> Computed<M, DateTime> {
    call(Function::Now, Vec::new())
}

/// A number from 0 to 1, another one in each row: `order_by(|_| random())` shuffles.
pub fn random<M: Model>() -> Computed<M, f64> {
    call(Function::Random, Vec::new())
}

/// A value, and what is taken in its place where it is NULL. The same as the method
/// [`coalesce`](crate::field::Column::coalesce).
pub fn coalesce<M: Model, V, W>(
    one: V,
    other: W,
) -> Computed<M, <W::Null as Nullness>::Of<<V::Value as Field>::Base>>
where
    V: Argument<M>,
    W: Operand<M, <V::Value as Field>::Base>,
{
    call(Function::Coalesce, vec![one.argument(), other.operand()])
}

/// What `greatest` and `least` of two give: NULL where one of them is.
type Extreme<M, V, W> = <<<<V as Argument<M>>::Value as Field>::Null as Nullness>::Or<
    <W as Operand<M, <<V as Argument<M>>::Value as Field>::Base>>::Null,
> as Nullness>::Of<<<V as Argument<M>>::Value as Field>::Base>;

/// The greater of two; NULL where one of them is, on every database.
///
/// ```
/// # use nuages::prelude::*;
/// # use nuages::backend::Backend;
/// use nuages::functions::greatest;
/// # #[derive(Model, Clone, Debug)] #[model(app_label = "shop")] struct Pile { id: i64, old: i64, new: i64 }
///
/// let query = Pile::objects().values(|p| greatest(p.old, p.new));
/// assert_eq!(query.to_sql(Backend::Sqlite)?.sql, r#"SELECT MAX(t0."old", t0."new") FROM "shop_pile" t0"#);
/// assert_eq!(
///     query.to_sql(Backend::Postgres)?.sql,
///     r#"SELECT CASE WHEN t0."old" IS NOT NULL AND t0."new" IS NOT NULL THEN GREATEST(t0."old", t0."new") END FROM "shop_pile" t0"#,
/// );
/// assert_eq!(query.to_sql(Backend::Mysql)?.sql, "SELECT GREATEST(t0.`old`, t0.`new`) FROM `shop_pile` t0");
/// # Ok::<(), nuages::Error>(())
/// ```
pub fn greatest<M: Model, V, W>(one: V, other: W) -> Computed<M, Extreme<M, V, W>>
where
    V: Argument<M, Value: Field<Base: OrderedField>>,
    W: Operand<M, <V::Value as Field>::Base>,
{
    call(Function::Greatest, vec![one.argument(), other.operand()])
}

/// The lesser of two; NULL where one of them is, on every database.
pub fn least<M: Model, V, W>(one: V, other: W) -> Computed<M, Extreme<M, V, W>>
where
    V: Argument<M, Value: Field<Base: OrderedField>>,
    W: Operand<M, <V::Value as Field>::Base>,
{
    call(Function::Least, vec![one.argument(), other.operand()])
}
