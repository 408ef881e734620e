//! What functions take: values, columns and expressions, each of which tells its own type.

use super::{Computed, Expr, Expression, Kind};
use crate::field::{Column, Field};
use crate::model::Model;
use crate::path::Path;
use crate::value::Value;

/// A value, a column or an expression in a query about `M`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value, a column or an expression of a query about `{M}`",
    label = "expected a value, a column such as `b.title`, or an expression"
)]
pub trait Argument<M: Model> {
    /// The Rust type of the value.
    type Value: Field;

    /// The expression.
    fn argument(self) -> Expr;
}

impl<M: Model, T: Field> Argument<M> for T {
    type Value = T;

    fn argument(self) -> Expr {
        Expr::Value(self.to_value())
    }
}

impl<M: Model> Argument<M> for &str {
    type Value = String;

    fn argument(self) -> Expr {
        Expr::Value(Value::Text(self.to_owned()))
    }
}

impl<P: Path, T: Field> Argument<P::Root> for Column<P, T> {
    type Value = <Self as Expression>::Value;

    fn argument(self) -> Expr {
        self.into_expr()
    }
}

impl<M: Model, T: Field, K: Kind> Argument<M> for Computed<M, T, K> {
    type Value = T;

    fn argument(self) -> Expr {
        self.into_expr()
    }
}

/// Several of them: one, or a tuple.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of values and columns of a query about `{M}`",
    label = "expected a value, a column, an expression, or a tuple of them"
)]
pub trait Arguments<M: Model> {
    /// The expressions, in order.
    fn arguments(self) -> Vec<Expr>;
}

macro_rules! arguments {
    ($(($($name:ident),+))*) => {$(
        impl<M: Model, $($name: Argument<M>),+> Arguments<M> for ($($name,)+) {
            #[allow(non_snake_case, reason = "the type parameters name the parts")]
            fn arguments(self) -> Vec<Expr> {
                let ($($name,)+) = self;
                vec![$($name.argument()),+]
            }
        }
    )*};
}

arguments! {
    (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) (A, B, C, D, E, F, G)
    (A, B, C, D, E, F, G, H)
}
