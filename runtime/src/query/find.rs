//! Rows by their place in an order, and what of a query is there at all.

use super::{OrderTerm, Part, QuerySet, Select, Shape};
use crate::backend::Db;
use crate::error::Result;
use crate::expr::{Condition, Expr, Expression};
use crate::field::{Field, Relation};
use crate::model::Model;
use crate::path::{Nullness, Path, Root, Step};
use crate::value::{Date, DateTime};

/// The fields of `M` as closures see them.
type Fields<M> = <M as Model>::Fields<Root<M>>;

impl<M: Model, S: Shape> QuerySet<M, S> {
    /// The row with the greatest value: `latest(&db, |b| b.published)`. Rows where it is NULL come last.
    ///
    /// # Errors
    /// `DoesNotExist` if there is no row.
    pub async fn latest<E>(self, db: &Db, build: impl FnOnce(&Fields<M>) -> E) -> Result<S::Item>
    where
        E: Expression<Root = M>,
    {
        let expr = build(M::fields()).into_expr();
        self.at_the_end(db, expr, true).await
    }

    /// The row with the least value; rows where it is NULL come last.
    ///
    /// # Errors
    /// `DoesNotExist` if there is no row.
    pub async fn earliest<E>(self, db: &Db, build: impl FnOnce(&Fields<M>) -> E) -> Result<S::Item>
    where
        E: Expression<Root = M>,
    {
        let expr = build(M::fields()).into_expr();
        self.at_the_end(db, expr, false).await
    }

    async fn at_the_end(mut self, db: &Db, expr: Expr, descending: bool) -> Result<S::Item> {
        let model = self.select.model;
        self.select.order = Some(vec![OrderTerm { expr, descending, nulls_first: Some(false) }]);
        self.select.reversed = false;
        self.first(db).await?.ok_or_else(|| super::run::does_not_exist(model))
    }

    /// Whether a row is among those of the query.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn contains(&self, db: &Db, row: &M) -> Result<bool> {
        let mut select = self.select.clone();
        let key = Expr::Column(select.key_column());
        let found = Condition::In(key.clone(), vec![row.key().to_value()]);
        if select.is_sliced() {
            // The slice is of all rows, not of those with this key.
            let mut whole = Select::of(select.model);
            whole.filters.push(Condition::InQuery(key, Box::new(select.only_key())));
            select = whole;
        }
        select.filters.push(found);
        // What the rows would hold is of no consequence.
        QuerySet::<M, (i64,)>::from_select(select).exists(db).await
    }

    /// The one row with a key: `Line::objects().get_by_key(&db, (order.id, 2))`.
    ///
    /// # Errors
    /// `DoesNotExist` if there is none.
    #[track_caller]
    pub fn get_by_key(
        self,
        db: &Db,
        key: impl crate::field::KeyOf<M>,
    ) -> impl Future<Output = Result<S::Item>> {
        let key = Expr::Value(key.key_of().to_value());
        let query = self.change(|select| {
            let column = Expr::Column(select.key_column());
            select.filters.push(Condition::Compare(column, crate::expr::Comparison::Equal, key));
        });
        query.get(db)
    }

    /// The different dates of a value, in order and without NULL: `dates(|b| b.published.trunc_month())`.
    ///
    /// ```
    /// # use nuages::prelude::*;
    /// # use nuages::backend::Backend;
    /// # #[derive(Model, Clone, Debug)] #[model(app_label = "shop")] struct Order { id: i64, day: Date }
    /// let months: QuerySet<Order, (Date,)> = Order::objects().dates(|o| o.day.trunc_month());
    /// assert_eq!(
    ///     months.to_sql(Backend::Mysql)?.sql,
    ///     "SELECT DISTINCT CAST(DATE_FORMAT(t0.`day`, '%Y-%m-01') AS DATE) FROM `shop_order` t0 WHERE CAST(DATE_FORMAT(t0.`day`, '%Y-%m-01') AS DATE) IS NOT NULL ORDER BY 1",
    /// );
    /// # Ok::<(), nuages::Error>(())
    /// ```
    pub fn dates<E>(self, build: impl FnOnce(&Fields<M>) -> E) -> QuerySet<M, (Date,)>
    where
        E: Expression<Root = M, Value: Field<Base = Date>>,
    {
        let expr = build(M::fields()).into_expr();
        self.different(expr)
    }

    /// The different instants of a value, in order and without NULL: `datetimes(|o| o.placed.trunc_hour())`.
    pub fn datetimes<E>(self, build: impl FnOnce(&Fields<M>) -> E) -> QuerySet<M, (DateTime,)>
    where
        E: Expression<Root = M, Value: Field<Base = DateTime>>,
    {
        let expr = build(M::fields()).into_expr();
        self.different(expr)
    }

    fn different<T>(self, expr: Expr) -> QuerySet<M, (T,)> {
        self.change(|select| {
            select.filters.push(Condition::IsNull(expr.clone(), false));
            select.order = Some(vec![OrderTerm { expr: expr.clone(), descending: false, nulls_first: None }]);
            select.parts = vec![Part::Value(expr)];
            select.distinct = true;
        })
        .cast()
    }

    /// The first row of each group of equal values, in the order of the query, which begins with those values.
    /// On PostgreSQL only.
    pub fn distinct_on<B>(self, build: impl FnOnce(&Fields<M>) -> B) -> Self
    where
        B: crate::expr::Partition<M>,
    {
        let parts = build(M::fields()).parts();
        self.change(|select| select.distinct_on = parts)
    }

    /// The rows of the query, and all that a relation of the model to itself leads to from them, step by step:
    /// a recursive common table expression. Each row is there once, also where the relation goes in a circle.
    ///
    /// ```
    /// # use nuages::prelude::*;
    /// # use nuages::backend::Backend;
    /// #[derive(Model, Clone, Debug)]
    /// #[model(app_label = "shop")]
    /// struct Category {
    ///     id: i64,
    ///     #[field(on_delete = Cascade, related_name = children)]
    ///     parent: Option<ForeignKey<Category>>,
    /// }
    ///
    /// let below = Category::objects().filter(|c| c.id.eq(7)).recursive(|c| c.children());
    /// assert_eq!(
    ///     below.to_sql(Backend::Sqlite)?.sql,
    ///     r#"SELECT t0."id", t0."parent_id" FROM "shop_category" t0 WHERE t0."id" IN (WITH RECURSIVE reached (k) AS (SELECT c0 FROM (SELECT t1."id" AS c0 FROM "shop_category" t1 WHERE t1."id" = ?) AS start UNION SELECT n."id" FROM reached JOIN "shop_category" n ON n."parent_id" = reached.k) SELECT k FROM reached)"#,
    /// );
    /// # Ok::<(), nuages::Error>(())
    /// ```
    pub fn recursive<P, R, N>(self, build: impl FnOnce(&Fields<M>) -> Relation<P, R, N>) -> Self
    where
        P: Path<Root = M>,
        R: Step<To = M>,
        N: Nullness,
    {
        let Some(hop) = build(M::fields()).hop() else { return self };
        self.change(|select| {
            let mut whole = Select::of(select.model);
            whole.parts.clone_from(&select.parts);
            let key = Expr::Column(select.key_column());
            whole.filters.push(Condition::Reached(key, Box::new(select.clone().only_key()), hop));
            *select = whole;
        })
    }
}
