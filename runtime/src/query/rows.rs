//! A to-many relation with the query that finds its rows: what `prefetch_related` takes.

use std::marker::PhantomData;

use super::{Append, Ordering, PrefetchPath, QuerySet, Shape};
use crate::expr::{Expression, Q};
use crate::field::Relation;
use crate::model::Model;
use crate::path::{Hop, Nullness, Path, Root, Step, Via};

/// The fields of `M` as closures see them.
type Fields<M> = <M as Model>::Fields<Root<M>>;
/// What a relation at the end of a path loads: a row, or an `Option` of one.
type Loaded<P, S, N> = <<Via<P, S, N> as Path>::Null as Nullness>::Row<<S as Step>::To>;

/// The rows at the other end of a to-many relation, each with the parts `S`: narrowed, ordered, cut off, with relations
/// of their own.
///
/// It has the methods of a query that change what is found. A limit counts per row that they belong to:
///
/// ```
/// # use nuages::prelude::*;
/// # use nuages::auth::{Group, User};
/// # async fn f(db: Db) -> nuages::Result<()> {
/// // Each user with three of the groups.
/// let users: Vec<(User, Vec<Group>)> = User::objects()
///     .prefetch_related(|u| u.groups.exclude(|g| g.name.eq("all")).order_by(|g| g.name).limit(3))
///     .all(&db)
///     .await?;
/// # Ok(()) }
/// ```
#[must_use = "rows are loaded when `prefetch_related` takes them and the query is run"]
pub struct Rows<M, T, S = (T,)> {
    pub(super) hop: &'static Hop,
    pub(super) back: &'static Hop,
    pub(super) query: QuerySet<T, S>,
    marker: PhantomData<fn() -> M>,
}

impl<P: Path, S: Step, N: Nullness> Relation<P, S, N> {
    /// The rows that `build` makes of all rows of the model at the other end: for what has no method here, such as a
    /// custom manager.
    pub fn rows<R>(
        self,
        build: impl FnOnce(QuerySet<S::To>) -> QuerySet<S::To, R>,
    ) -> Rows<P::Root, S::To, R> {
        Rows {
            hop: Via::<P, S, N>::hop(),
            back: Via::<P, S, N>::back(),
            query: build(QuerySet::new()),
            marker: PhantomData,
        }
    }

    /// Of the rows it leads to, those that fulfil a condition; for `prefetch_related`.
    pub fn filter(self, build: impl FnOnce(&Fields<S::To>) -> Q<S::To>) -> Rows<P::Root, S::To> {
        self.rows(|query| query.filter(build))
    }

    /// Of the rows it leads to, those that do not fulfil a condition; for `prefetch_related`.
    pub fn exclude(self, build: impl FnOnce(&Fields<S::To>) -> Q<S::To>) -> Rows<P::Root, S::To> {
        self.rows(|query| query.exclude(build))
    }

    /// The rows it leads to, in an order; for `prefetch_related`.
    pub fn order_by<O: Ordering<S::To>>(
        self,
        build: impl FnOnce(&Fields<S::To>) -> O,
    ) -> Rows<P::Root, S::To> {
        self.rows(|query| query.order_by(build))
    }

    /// At most so many of the rows it leads to, for each row; for `prefetch_related`.
    pub fn limit(self, count: u64) -> Rows<P::Root, S::To> {
        self.rows(|query| query.limit(count))
    }
}

impl<P: Path, S: Step, N: Nullness> Relation<P, S, N>
where
    (S::To,): Shape,
{
    /// The rows it leads to, each with the row that a relation of it leads to; for `prefetch_related`.
    #[expect(clippy::type_complexity, reason = "the type is what the rows hold, which is the point of it")]
    pub fn select_related<Q, R, L>(
        self,
        build: impl FnOnce(&Fields<S::To>) -> Relation<Q, R, L>,
    ) -> Rows<P::Root, S::To, <(S::To,) as Append<Loaded<Q, R, L>>>::Longer>
    where
        Q: Path<Root = S::To>,
        R: Step,
        L: Nullness,
        (S::To,): Append<Loaded<Q, R, L>>,
    {
        self.rows(|query| query.select_related(build))
    }

    /// The rows it leads to, each with rows of its own; for `prefetch_related`.
    #[expect(clippy::type_complexity, reason = "the type is what the rows hold, which is the point of it")]
    pub fn prefetch_related<R: PrefetchPath<S::To>>(
        self,
        build: impl FnOnce(&Fields<S::To>) -> R,
    ) -> Rows<P::Root, S::To, <(S::To,) as Append<Vec<R::Item>>>::Longer>
    where
        (S::To,): Append<Vec<R::Item>>,
    {
        self.rows(|query| query.prefetch_related(build))
    }
}

impl<M, T: Model, S> Rows<M, T, S> {
    fn change<R>(self, change: impl FnOnce(QuerySet<T, S>) -> QuerySet<T, R>) -> Rows<M, T, R> {
        Rows { hop: self.hop, back: self.back, query: change(self.query), marker: PhantomData }
    }

    /// As [`QuerySet::filter`].
    pub fn filter(self, build: impl FnOnce(&Fields<T>) -> Q<T>) -> Self {
        self.change(|query| query.filter(build))
    }

    /// As [`QuerySet::exclude`].
    pub fn exclude(self, build: impl FnOnce(&Fields<T>) -> Q<T>) -> Self {
        self.change(|query| query.exclude(build))
    }

    /// As [`QuerySet::order_by`].
    pub fn order_by<O: Ordering<T>>(self, build: impl FnOnce(&Fields<T>) -> O) -> Self {
        self.change(|query| query.order_by(build))
    }

    /// As [`QuerySet::reverse`].
    pub fn reverse(self) -> Self {
        self.change(QuerySet::reverse)
    }

    /// As [`QuerySet::distinct`].
    pub fn distinct(self) -> Self {
        self.change(QuerySet::distinct)
    }

    /// At most `count` rows for each row that they belong to.
    pub fn limit(self, count: u64) -> Self {
        self.change(|query| query.limit(count))
    }

    /// Leaves out the first `count` rows of each row that they belong to.
    pub fn offset(self, count: u64) -> Self {
        self.change(|query| query.offset(count))
    }
}

impl<M, T: Model, S: Shape> Rows<M, T, S> {
    /// As [`QuerySet::select_related`]: each of the rows with the row that a relation of it leads to.
    pub fn select_related<P, R, N>(
        self,
        build: impl FnOnce(&Fields<T>) -> Relation<P, R, N>,
    ) -> Rows<M, T, <S as Append<Loaded<P, R, N>>>::Longer>
    where
        P: Path<Root = T>,
        R: Step,
        N: Nullness,
        S: Append<Loaded<P, R, N>>,
    {
        self.change(|query| query.select_related(build))
    }

    /// As [`QuerySet::prefetch_related`]: each of the rows with rows of its own, in one more statement.
    pub fn prefetch_related<R: PrefetchPath<T>>(
        self,
        build: impl FnOnce(&Fields<T>) -> R,
    ) -> Rows<M, T, <S as Append<Vec<R::Item>>>::Longer>
    where
        S: Append<Vec<R::Item>>,
    {
        self.change(|query| query.prefetch_related(build))
    }

    /// As [`QuerySet::annotate`].
    pub fn annotate<E>(
        self,
        build: impl FnOnce(&Fields<T>) -> E,
    ) -> Rows<M, T, <S as Append<E::Value>>::Longer>
    where
        E: Expression<Root = T>,
        S: Append<E::Value>,
    {
        self.change(|query| query.annotate(build))
    }
}
