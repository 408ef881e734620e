//! Queries inside queries.

use super::{Computed, Condition, Expr, Expression, Operand, Q};
use crate::field::{Column, Field};
use crate::model::Model;
use crate::path::{Nullness, Path};
use crate::query::QuerySet;

/// Some row of a query exists. With [`outer`] the query is about the row around it.
///
/// ```
/// # use nuages::prelude::*;
/// # use nuages::backend::Backend;
/// use nuages::functions::{exists, outer};
/// # #[derive(Model, Clone, Debug)] #[model(app_label = "shop")]
/// # struct Author { id: i64, #[field(max_length = 40)] name: String }
/// # #[derive(Model, Clone, Debug)] #[model(app_label = "shop")]
/// # struct Book { id: i64, #[field(on_delete = Cascade)] author: ForeignKey<Author>, pages: i32 }
///
/// let query = Author::objects()
///     .filter(|a| exists(Book::objects().filter(|b| b.author.id.eq(outer(a.id)) & b.pages.gt(500))));
/// let tail = |backend| query.to_sql(backend).map(|s| s.sql[s.sql.find(" WHERE").unwrap_or(0)..].to_owned());
/// assert_eq!(
///     tail(Backend::Sqlite)?,
///     r#" WHERE EXISTS (SELECT 1 FROM "shop_book" t1 WHERE (t1."author_id" = t0."id" AND t1."pages" > ?))"#,
/// );
/// assert_eq!(
///     tail(Backend::Postgres)?,
///     r#" WHERE EXISTS (SELECT 1 FROM "shop_book" t1 WHERE (t1."author_id" = t0."id" AND t1."pages" > $1))"#,
/// );
/// assert_eq!(
///     tail(Backend::Mysql)?,
///     " WHERE EXISTS (SELECT 1 FROM `shop_book` t1 WHERE (t1.`author_id` = t0.`id` AND t1.`pages` > ?))",
/// );
/// # Ok::<(), nuages::Error>(())
/// ```
pub fn exists<M: Model, T: Model, S>(query: QuerySet<T, S>) -> Q<M> {
    Q::new(Condition::Exists(Box::new(query.into_select())))
}

/// The one value of the first row of a query, NULL where it has none: `subquery(books.values(|b| b.price))`.
///
/// Where its filter speaks of the row around it, that is said with [`outer`].
// The type is a parameter of its own, so that a wrong query is told once.
pub fn subquery<M: Model, T: Model, V: Field, S: OneValue<Value = V>>(
    query: QuerySet<T, S>,
) -> Computed<M, V::Optional> {
    let mut select = query.into_select();
    if !select.is_sliced() {
        select.slice(0, Some(1));
    }
    Computed::new(Expr::Subquery(Box::new(select)))
}

/// The rows of a query that hold one value.
#[diagnostic::on_unimplemented(
    message = "a subquery gives one value, but the rows of this query hold `{Self}`",
    label = "not one value",
    note = "choose the one column with `.values(|b| b.title)`"
)]
pub trait OneValue {
    /// The value.
    type Value: Field;
}

impl<T: Field> OneValue for (T,) {
    type Value = T;
}

/// A value of the row of the query around a subquery.
#[must_use = "it is the right side of a comparison"]
pub struct Outer<T> {
    expr: Expr,
    marker: std::marker::PhantomData<fn() -> T>,
}

/// A column of the query around a subquery: Django's `OuterRef`.
pub fn outer<P: Path, T: Field>(column: Column<P, T>) -> Outer<<P::Null as Nullness>::Of<T>> {
    Outer { expr: Expr::Outer(column.reference()), marker: std::marker::PhantomData }
}

impl<M: Model, T: Field> Operand<M, T::Base> for Outer<T> {
    type Null = T::Null;

    fn operand(self) -> Expr {
        self.expr
    }
}

impl<T: Field> Outer<T> {
    /// As an expression of the subquery, for functions and arithmetic.
    pub fn value<M: Model>(self) -> Computed<M, T> {
        Computed::new(self.expr)
    }
}

/// A column among the values of a query.
pub(super) fn in_query<M: Model, T: Model, S>(left: impl Expression, query: QuerySet<T, S>) -> Q<M> {
    Q::new(Condition::InQuery(left.into_expr(), Box::new(query.into_select())))
}
