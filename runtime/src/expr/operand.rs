//! What a column can be compared with.

use super::{Computed, Expr, Expression, Kind};
use crate::field::{Column, Field};
use crate::model::Model;
use crate::path::{NotNull, Nullness, Path};
use crate::value::{Decimal, Value};

/// The right side of a comparison with a value of type `T` in a query about `M`:
/// a value, a reference to one, another column, or an expression.
#[diagnostic::on_unimplemented(
    message = "a column of type `{T}` cannot be compared with `{Self}`",
    label = "expected a `{T}`, a reference to one, or a column of that type",
    note = "for NULL write `.is_null()` or `.is_not_null()`; for a foreign key compare the relation itself, as in `b.author.eq(&author)`"
)]
pub trait Operand<M: Model, T> {
    /// Whether it may be NULL.
    type Null: Nullness;

    /// The expression.
    fn operand(self) -> Expr;
}

impl<M: Model, T: Field> Operand<M, T> for T {
    type Null = T::Null;

    fn operand(self) -> Expr {
        Expr::Value(self.to_value())
    }
}

impl<M: Model, T: Field> Operand<M, T> for &T {
    type Null = T::Null;

    fn operand(self) -> Expr {
        Expr::Value(self.to_value())
    }
}

impl<M: Model> Operand<M, String> for &str {
    type Null = NotNull;

    fn operand(self) -> Expr {
        Expr::Value(Value::Text(self.to_owned()))
    }
}

impl<P: Path, T: Field> Operand<P::Root, T::Base> for Column<P, T> {
    type Null = <P::Null as Nullness>::Or<T::Null>;

    fn operand(self) -> Expr {
        Expr::Column(self.column)
    }
}

impl<M: Model, T: Field, K: Kind> Operand<M, T::Base> for Computed<M, T, K> {
    type Null = T::Null;

    fn operand(self) -> Expr {
        self.into_expr()
    }
}

/// A decimal compared with a whole number: `b.price.gt(10)`.
impl<M: Model> Operand<M, Decimal> for i64 {
    type Null = NotNull;

    fn operand(self) -> Expr {
        Expr::Value(Value::Decimal(Decimal::from(self)))
    }
}

/// The right side of a search in text.
#[diagnostic::on_unimplemented(message = "text cannot be searched for `{Self}`", label = "expected text")]
pub trait Pattern {
    /// The text.
    fn pattern(self) -> Expr;
}

impl Pattern for &str {
    fn pattern(self) -> Expr {
        Expr::Value(Value::Text(self.to_owned()))
    }
}

impl Pattern for String {
    fn pattern(self) -> Expr {
        Expr::Value(Value::Text(self))
    }
}

impl Pattern for &String {
    fn pattern(self) -> Expr {
        Expr::Value(Value::Text(self.clone()))
    }
}
