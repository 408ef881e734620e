//! The methods of a query that ask nothing of the database.

use super::select::condition;
use super::{Append, FromParts, Ordering, Part, PrefetchPath, QuerySet, Shape, Slot};
use crate::expr::{Expression, Q};
use crate::field::Relation;
use crate::model::Model;
use crate::path::{MayBeNull, Nullness, Path, Root, Step, Via};

/// The fields of `M` as closures see them.
type Fields<M> = <M as Model>::Fields<Root<M>>;
/// What a relation at the end of a path loads: a row, or an `Option` of one.
type Loaded<P, S, N> = <<Via<P, S, N> as Path>::Null as Nullness>::Row<<S as Step>::To>;

impl<M: Model, S> QuerySet<M, S> {
    /// Keeps the rows that fulfil a condition.
    ///
    /// Conditions on a to-many relation in one `filter` hit the same related row;
    /// in chained filters they need not (as in Django).
    pub fn filter(self, build: impl FnOnce(&Fields<M>) -> Q<M>) -> Self {
        let condition = condition::<M>(build);
        self.change(|select| select.filters.push(condition))
    }

    /// Leaves out the rows that fulfil a condition. Rows for which NULL makes it unknown stay.
    pub fn exclude(self, build: impl FnOnce(&Fields<M>) -> Q<M>) -> Self {
        let condition = condition::<M>(build).negate();
        self.change(|select| select.filters.push(condition))
    }

    /// Lets a relation lead only to the rows that fulfil a condition, wherever this query names it: in values,
    /// aggregates, orderings and filters. Rows of `M` with none of them stay. Django's `FilteredRelation`.
    ///
    /// ```
    /// # use nuages::prelude::*;
    /// # use nuages::backend::Backend;
    /// # #[derive(Model, Clone, Debug)] #[model(app_label = "shop")]
    /// # pub struct Author { id: i64, #[field(max_length = 40)] name: String }
    /// # #[derive(Model, Clone, Debug)] #[model(app_label = "shop")]
    /// # pub struct Book { id: i64, #[field(max_length = 40)] title: String, pages: i32,
    /// #     #[field(on_delete = Cascade, related_name = books)] author: ForeignKey<Author> }
    /// // Each author with the titles of the long books, and how many of those there are.
    /// let query = Author::objects()
    ///     .filtered_relation(|a| a.books(), |b| b.pages.gt(500))
    ///     .values(|a| (a.name, a.books().title, a.books().count()));
    /// let sql = |backend| query.to_sql(backend).map(|statement| statement.sql.into_owned());
    /// assert_eq!(
    ///     sql(Backend::Sqlite)?,
    ///     r#"SELECT t0."name", t1."title", (SELECT COUNT(t3."id") FROM "shop_book" t3 WHERE t3."author_id" = t0."id" AND t3."pages" > ?) FROM "shop_author" t0 LEFT JOIN "shop_book" t1 ON t1."author_id" = t0."id" AND t1."pages" > ?"#,
    /// );
    /// assert_eq!(
    ///     sql(Backend::Postgres)?,
    ///     r#"SELECT t0."name", t1."title", (SELECT COUNT(t3."id") FROM "shop_book" t3 WHERE t3."author_id" = t0."id" AND t3."pages" > $1) FROM "shop_author" t0 LEFT JOIN "shop_book" t1 ON t1."author_id" = t0."id" AND t1."pages" > $2"#,
    /// );
    /// assert_eq!(
    ///     sql(Backend::Mysql)?,
    ///     "SELECT t0.`name`, t1.`title`, (SELECT COUNT(t3.`id`) FROM `shop_book` t3 WHERE t3.`author_id` = t0.`id` AND t3.`pages` > ?) FROM `shop_author` t0 LEFT JOIN `shop_book` t1 ON t1.`author_id` = t0.`id` AND t1.`pages` > ?",
    /// );
    /// # Ok::<(), nuages::Error>(())
    /// ```
    ///
    /// Prefetched rows are narrowed by themselves: `prefetch_related(|a| a.books().filter(…))`. A relation that always
    /// leads to a row cannot be narrowed, as its type says that there is one.
    pub fn filtered_relation<P, R>(
        self,
        relation: impl FnOnce(&Fields<M>) -> Relation<P, R, MayBeNull>,
        build: impl FnOnce(&Fields<R::To>) -> Q<R::To>,
    ) -> Self
    where
        P: Path<Root = M>,
        R: Step,
    {
        let _: Relation<P, R, MayBeNull> = relation(M::fields());
        let condition = condition::<R::To>(build);
        self.change(|select| select.narrow(Via::<P, R, MayBeNull>::hop(), condition))
    }

    /// No rows, without asking the database.
    pub fn none(self) -> Self {
        self.change(|select| select.nothing = true)
    }

    /// Orders by a column, a term such as `b.title.desc()`, or a tuple of them; replaces an earlier ordering.
    pub fn order_by<O: Ordering<M>>(self, build: impl FnOnce(&Fields<M>) -> O) -> Self {
        let terms = build(M::fields()).terms();
        self.change(|select| {
            select.order = Some(terms);
            select.reversed = false;
        })
    }

    /// In no particular order, not even the model's own.
    pub fn unordered(self) -> Self {
        self.change(|select| select.order = Some(Vec::new()))
    }

    /// Turns the ordering round.
    pub fn reverse(self) -> Self {
        self.change(|select| select.reversed = !select.reversed)
    }

    /// Equal rows count once.
    pub fn distinct(self) -> Self {
        self.change(|select| select.distinct = true)
    }

    /// At most `count` rows.
    pub fn limit(self, count: u64) -> Self {
        self.change(|select| select.slice(0, Some(count)))
    }

    /// Leaves out the first `count` rows.
    pub fn offset(self, count: u64) -> Self {
        self.change(|select| select.slice(count, None))
    }

    /// The rows at these positions, counted from 0, as in `.slice(20..40)`.
    pub fn slice(self, range: std::ops::Range<u64>) -> Self {
        let count = range.end.saturating_sub(range.start);
        self.change(|select| select.slice(range.start, Some(count)))
    }
}

impl<M: Model, S: Shape> QuerySet<M, S> {
    /// Loads the row a relation leads to, in the same statement; behind a nullable hop it is an `Option`.
    pub fn select_related<P, R, N>(
        self,
        build: impl FnOnce(&Fields<M>) -> Relation<P, R, N>,
    ) -> QuerySet<M, <S as Append<Loaded<P, R, N>>>::Longer>
    where
        P: Path<Root = M>,
        R: Step,
        N: Nullness,
        S: Append<Loaded<P, R, N>>,
    {
        let relation = build(M::fields());
        self.change(|select| select.parts.push(Part::Model(relation.hop(), relation.target()))).cast()
    }

    /// Loads the rows a to-many relation leads to, in one more statement, as a `Vec`.
    ///
    /// `a.books()` loads them all; `a.books().rows(|q| q.filter(…).select_related(…))` loads what that query finds.
    pub fn prefetch_related<R: PrefetchPath<M>>(
        self,
        build: impl FnOnce(&Fields<M>) -> R,
    ) -> QuerySet<M, <S as Append<Vec<R::Item>>>::Longer>
    where
        S: Append<Vec<R::Item>>,
    {
        let prefetch = build(M::fields()).prefetch();
        self.change(|select| select.parts.push(Part::Prefetch(prefetch))).cast()
    }

    /// Adds a value to each row: an expression, or an aggregate over a to-many relation.
    ///
    /// After `values` an aggregate over the rows themselves groups by those values.
    pub fn annotate<E>(
        self,
        build: impl FnOnce(&Fields<M>) -> E,
    ) -> QuerySet<M, <S as Append<E::Value>>::Longer>
    where
        E: Expression<Root = M>,
        S: Append<E::Value>,
    {
        let expr = build(M::fields()).into_expr();
        self.change(|select| {
            select.grouped |= !select.parts.iter().any(|part| matches!(part, Part::Model(..)));
            select.parts.extend(Part::values(expr));
        })
        .cast()
    }

    /// Hands out these values in place of whole rows: a column or a tuple of them.
    pub fn values<V: Values<M>>(self, build: impl FnOnce(&Fields<M>) -> V) -> QuerySet<M, V::Shape> {
        let parts = build(M::fields()).parts();
        self.change(|select| select.parts = parts).cast()
    }

    /// Hands out a struct with named parts, made by `#[derive(Row)]`.
    pub fn into<R>(self) -> QuerySet<M, Named<R::This, S>>
    where
        R: FromParts<S::Item>,
    {
        self.cast()
    }
}

/// A shape whose parts are put into a struct with names.
pub struct Named<R, S>(std::marker::PhantomData<fn() -> (R, S)>);

impl<S: Shape, R: FromParts<S::Item> + Send + 'static> Shape for Named<R, S> {
    type Item = R;

    fn read(cursor: &mut super::Cursor<'_>) -> crate::Result<R> {
        S::read(cursor).map(R::from_parts)
    }
}

/// What `values` takes: an expression or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what `values` reads",
    label = "expected a column, an expression, or a tuple of them",
    note = "a window function needs its window: `rank().over(|w| w.order_by(b.price))`"
)]
pub trait Values<M: Model> {
    /// The shape of the rows.
    type Shape: Shape;
    /// The untyped parts.
    fn parts(self) -> Vec<Part>;
}

impl<M: Model, E: Expression<Root = M, Value: Slot>> Values<M> for E {
    type Shape = (E::Value,);

    fn parts(self) -> Vec<Part> {
        Part::values(self.into_expr()).collect()
    }
}

macro_rules! values_tuples {
    ($(($($name:ident),+))*) => {$(
        impl<M: Model, $($name: Expression<Root = M, Value: Slot>),+> Values<M> for ($($name,)+) {
            type Shape = ($($name::Value,)+);

            #[allow(non_snake_case, reason = "the type parameters name the parts")]
            fn parts(self) -> Vec<Part> {
                let ($($name,)+) = self;
                let mut parts = Vec::new();
                $(parts.extend(Part::values($name.into_expr()));)+
                parts
            }
        }
    )*};
}

values_tuples! {
    (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) (A, B, C, D, E, F, G)
    (A, B, C, D, E, F, G, H) (A, B, C, D, E, F, G, H, I) (A, B, C, D, E, F, G, H, I, J)
    (A, B, C, D, E, F, G, H, I, J, K) (A, B, C, D, E, F, G, H, I, J, K, L)
}
