//! How the methods of columns and of computed values are written once for both.

/// Calls a macro that writes an `impl`, for columns and for computed values:
/// `name!(the type, [its generics], the query's model, the Rust type of the value)`.
macro_rules! on_columns {
    ($name:ident) => {
        $name!(Column<P, T>, [P: Path, T: Field], P::Root, <P::Null as Nullness>::Of<T>);
        $name!(Computed<M, T, K>, [M: Model, T: Field, K: Kind], M, T);
    };
}

pub(super) use on_columns;

use super::{Computed, Expr, Function};
use crate::field::Field;
use crate::model::Model;
use crate::path::Nullness;

/// `T`, as an `Option` where a value of `V` may be NULL.
pub type Like<V, T> = <<V as Field>::Null as Nullness>::Of<T>;

/// A function of expressions.
pub(super) fn call<M: Model, T: Field>(function: Function, arguments: Vec<Expr>) -> Computed<M, T> {
    Computed::new(Expr::Call(function, arguments))
}

/// A whole number as an expression.
pub(super) fn number(number: impl Into<i64>) -> Expr {
    Expr::Value(crate::value::Value::Int(number.into()))
}
