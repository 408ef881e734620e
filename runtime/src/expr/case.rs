//! CASE: a value that depends on conditions.

use std::marker::PhantomData;

use super::{Argument, Computed, Condition, Expr, Operand, Q};
use crate::field::Field;
use crate::model::Model;
use crate::path::Nullness;
use crate::value::Value;

/// Begins a value that depends on conditions; the first one that holds decides.
///
/// ```
/// # use nuages::prelude::*;
/// # use nuages::backend::Backend;
/// use nuages::functions::case;
/// # #[derive(Model, Clone, Debug)] #[model(app_label = "shop")]
/// # struct Book { id: i64, #[field(max_digits = 8, decimal_places = 2)] price: Decimal }
///
/// let query = Book::objects()
///     .values(|b| case().when(b.price.gt(20), "dear").when(b.price.gt(10), "fair").otherwise("cheap"));
/// assert_eq!(
///     query.to_sql(Backend::Sqlite)?.sql,
///     r#"SELECT CASE WHEN t0."price" > CAST(? AS NUMERIC) THEN ? WHEN t0."price" > CAST(? AS NUMERIC) THEN ? ELSE ? END FROM "shop_book" t0"#,
/// );
/// assert_eq!(
///     query.to_sql(Backend::Postgres)?.sql,
///     r#"SELECT CASE WHEN t0."price" > $1 THEN $2 WHEN t0."price" > $3 THEN $4 ELSE $5 END FROM "shop_book" t0"#,
/// );
/// assert_eq!(
///     query.to_sql(Backend::Mysql)?.sql,
///     "SELECT CASE WHEN t0.`price` > ? THEN ? WHEN t0.`price` > ? THEN ? ELSE ? END FROM `shop_book` t0",
/// );
/// # Ok::<(), nuages::Error>(())
/// ```
pub const fn case() -> Case {
    Case(())
}

/// A CASE without a branch: call [`when`](Self::when).
#[must_use = "a CASE needs branches"]
pub struct Case(());

/// A CASE with branches of type `T`; `N` says whether one of them may be NULL.
#[must_use = "a CASE ends with `otherwise` or `end`"]
#[expect(clippy::type_complexity, reason = "a marker that owns nothing")]
pub struct Branches<M, T, N> {
    branches: Vec<(Condition, Expr)>,
    marker: PhantomData<fn() -> (M, T, N)>,
}

type NullOf<T> = <T as Field>::Null;

impl Case {
    /// The value where a condition holds.
    pub fn when<M: Model, V: Argument<M>>(
        self,
        condition: Q<M>,
        value: V,
    ) -> Branches<M, <V::Value as Field>::Base, NullOf<V::Value>> {
        let branches = vec![(condition.into_condition(), value.argument())];
        Branches { branches, marker: PhantomData }
    }
}

impl<M: Model, T: Field, N: Nullness> Branches<M, T, N> {
    /// The value where no condition before holds, but this one does.
    pub fn when<V: Operand<M, T>>(mut self, condition: Q<M>, value: V) -> Branches<M, T, N::Or<V::Null>> {
        self.branches.push((condition.into_condition(), value.operand()));
        Branches { branches: self.branches, marker: PhantomData }
    }

    /// The value where no condition holds.
    pub fn otherwise<V: Operand<M, T>>(self, value: V) -> Computed<M, <N::Or<V::Null> as Nullness>::Of<T>> {
        Computed::new(Expr::Case(self.branches, Box::new(value.operand())))
    }

    /// NULL where no condition holds.
    pub fn end(self) -> Computed<M, T::Optional> {
        Computed::new(Expr::Case(self.branches, Box::new(Expr::Value(Value::Null(T::KIND)))))
    }
}
