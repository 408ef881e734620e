//! Expressions and conditions with their types.

use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use super::{Condition, Expr};
use crate::field::{Column, Field};
use crate::model::Model;
use crate::path::{Nullness, Path};

/// A condition on the rows of `M`. Combine with `&`, `|` and `!`.
#[must_use = "a condition does nothing until a query takes it"]
pub struct Q<M> {
    pub(crate) condition: Condition,
    marker: PhantomData<fn() -> M>,
}

impl<M: Model> Q<M> {
    /// A condition from its untyped form.
    pub const fn new(condition: Condition) -> Self {
        Self { condition, marker: PhantomData }
    }

    /// Holds for every row: where a tree of conditions begins.
    pub const fn all() -> Self {
        Self::new(Condition::always())
    }

    /// Holds for no row.
    pub const fn none() -> Self {
        Self::new(Condition::never())
    }

    /// The untyped form.
    #[must_use]
    pub fn into_condition(self) -> Condition {
        self.condition
    }
}

impl<M> Clone for Q<M> {
    fn clone(&self) -> Self {
        Self { condition: self.condition.clone(), marker: PhantomData }
    }
}

impl<M: Model> BitAnd for Q<M> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self::new(self.condition.and(other.condition))
    }
}

impl<M: Model> BitOr for Q<M> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self::new(self.condition.or(other.condition))
    }
}

impl<M: Model> Not for Q<M> {
    type Output = Self;

    fn not(self) -> Self {
        Self::new(self.condition.negate())
    }
}

/// Something with a value in each row of a query about `Root`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column or an expression",
    label = "expected a column such as `b.title`, or an expression of columns"
)]
pub trait Expression {
    /// The model the query is about.
    type Root: Model;
    /// The Rust type of the value.
    type Value: Field;

    /// The untyped form.
    fn into_expr(self) -> Expr;
}

impl<P: Path, T: Field> Expression for Column<P, T> {
    type Root = P::Root;
    type Value = <P::Null as Nullness>::Of<T>;

    fn into_expr(self) -> Expr {
        Expr::Column(self.column)
    }
}

/// The result of an operator, a function or an aggregate; `K` says which of them.
#[must_use = "an expression does nothing until a query takes it"]
#[expect(clippy::type_complexity, reason = "a marker that owns nothing")]
pub struct Computed<M, T, K = Scalar> {
    expr: Expr,
    marker: PhantomData<fn() -> (M, T, K)>,
}

/// The kind of computed value that each row has by itself.
pub struct Scalar;

/// Whether a computed value is of one row, or an [aggregate](super::Aggregated) of many.
pub trait Kind: 'static {}

impl Kind for Scalar {}
impl Kind for super::Aggregated {}

impl<M: Model, T: Field> Computed<M, T> {
    /// An expression from its untyped form. The caller answers for the type.
    pub const fn new(expr: Expr) -> Self {
        Self::of_kind(expr)
    }
}

impl<M: Model, T: Field, K: Kind> Computed<M, T, K> {
    pub(super) const fn of_kind(expr: Expr) -> Self {
        Self { expr, marker: PhantomData }
    }
}

impl<M, T, K> Clone for Computed<M, T, K> {
    fn clone(&self) -> Self {
        Self { expr: self.expr.clone(), marker: PhantomData }
    }
}

impl<M: Model, T: Field, K: Kind> Expression for Computed<M, T, K> {
    type Root = M;
    type Value = T;

    fn into_expr(self) -> Expr {
        self.expr
    }
}
