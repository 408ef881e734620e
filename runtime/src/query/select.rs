//! A query as a value without types: what [`QuerySet`](super::QuerySet) is a typed shell over.

use std::marker::PhantomData;
use std::sync::Arc;

use nuages_schema::ModelSchema;

use super::prefetch::Prefetch;
use crate::expr::{Computed, Condition, Expr, Expression, Kind, Q};
use crate::field::{Column, ColumnRef, Field};
use crate::model::Model;
use crate::path::{Hop, Path};
use crate::value::Value;

/// What to read: from which model, which rows, what of each row, in which order.
#[derive(Clone, PartialEq)]
pub struct Select {
    /// The model the query is about.
    pub model: &'static ModelSchema,
    /// What a row holds, in order.
    pub parts: Vec<Part>,
    /// The conditions; each entry came from one `filter` or `exclude`, and the
    /// to-many relations in one entry lead to the same related row.
    pub filters: Vec<Condition>,
    /// The ordering; none is the model's own.
    pub order: Option<Vec<OrderTerm>>,
    /// Whether the ordering is turned round.
    pub reversed: bool,
    /// Whether equal rows count once.
    pub distinct: bool,
    /// The first row of each group of equal values of these; on PostgreSQL only.
    pub distinct_on: Vec<Expr>,
    /// At most so many rows.
    pub limit: Option<u64>,
    /// Leave out so many rows at the start.
    pub offset: u64,
    /// Whether the query finds nothing without asking the database.
    pub nothing: bool,
    /// Whether the rows are grouped by the parts that are no aggregates.
    pub grouped: bool,
    /// How the rows are locked.
    pub lock: Option<Lock>,
    /// The rows they belong to, when they are prefetched.
    pub owner: Option<Owner>,
    /// What is read behind everything else: where a stream goes on from.
    pub behind: Vec<Expr>,
    /// Relations that lead to some of their rows only, wherever the query names them, and to which.
    pub narrowed: Vec<(&'static Hop, Condition)>,
}

/// The rows that prefetched rows belong to.
#[derive(Clone, PartialEq)]
pub struct Owner {
    /// The column that holds the key of the row they belong to; it is read behind all parts.
    pub column: ColumnRef,
    /// The keys asked for.
    pub keys: Vec<Value>,
}

/// A part of what a row holds.
#[derive(Clone)]
pub enum Part {
    /// A whole row of the model at the end of the hops.
    Model(Option<&'static Hop>, &'static ModelSchema),
    /// The primary key of the model the query is about, in one column or several.
    Key(&'static ModelSchema),
    /// One value.
    Value(Expr),
    /// Rows of another query, found by a key of this one.
    Prefetch(Arc<dyn Prefetch>),
}

impl Part {
    /// The value of an expression: of a composite key one for each part.
    pub(super) fn values(expr: Expr) -> impl Iterator<Item = Self> {
        expr.parts().into_iter().map(Self::Value)
    }
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Model(hop, model), Self::Model(other_hop, other)) => hop == other_hop && model == other,
            (Self::Key(model), Self::Key(other)) => model == other,
            (Self::Value(value), Self::Value(other)) => value == other,
            (Self::Prefetch(rows), Self::Prefetch(other)) => Arc::ptr_eq(rows, other),
            _ => false,
        }
    }
}

impl std::fmt::Debug for Select {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Select")
            .field("model", &self.model)
            .field("filters", &self.filters)
            .field("order", &self.order)
            .finish_non_exhaustive()
    }
}

impl Part {
    /// How many columns the part takes.
    #[must_use]
    pub fn columns(&self) -> usize {
        match self {
            Self::Model(_, model) => model.fields.len(),
            Self::Key(model) => model.key_columns().len(),
            Self::Value(_) => 1,
            Self::Prefetch(_) => 0,
        }
    }
}

/// One term of an ordering without types.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderTerm {
    /// What to order by.
    pub expr: Expr,
    /// Largest first.
    pub descending: bool,
    /// Where NULL goes: first, last, or where the database puts it.
    pub nulls_first: Option<bool>,
}

/// A row lock without types, held until the transaction ends; [`RowLock`](super::RowLock) makes it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Lock {
    /// What happens when somebody else holds a row.
    pub wait: LockWait,
    /// Others may still insert rows that refer to these (PostgreSQL).
    pub no_key: bool,
    /// The relations whose rows are locked, none for the query's own model; empty is the database's default:
    /// on PostgreSQL the query's own model, on MySQL all tables of the query.
    pub of: Vec<Option<&'static Hop>>,
}

/// What happens when somebody else holds a row that is to be locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LockWait {
    /// Wait for it.
    #[default]
    Wait,
    /// An error at once.
    NoWait,
    /// Leave the row out.
    SkipLocked,
}

impl Select {
    /// All rows of a model, whole.
    #[must_use]
    pub fn of(model: &'static ModelSchema) -> Self {
        Self {
            model,
            parts: vec![Part::Model(None, model)],
            filters: Vec::new(),
            order: None,
            reversed: false,
            distinct: false,
            distinct_on: Vec::new(),
            limit: None,
            offset: 0,
            nothing: false,
            grouped: false,
            lock: None,
            owner: None,
            behind: Vec::new(),
            narrowed: Vec::new(),
        }
    }

    /// The rows with these keys, in no particular order.
    #[must_use]
    pub fn of_keys(model: &'static ModelSchema, keys: Vec<Value>) -> Self {
        let mut select = Self::of(model);
        select.order = Some(Vec::new());
        select.filters.push(Condition::In(Expr::Column(select.key_column()), keys));
        select
    }

    /// The rows whose column at a position is one of these values, in no particular order.
    #[must_use]
    pub fn of_values(model: &'static ModelSchema, index: usize, values: Vec<Value>) -> Self {
        let mut select = Self::of(model);
        select.order = Some(Vec::new());
        let column = ColumnRef { hops: None, model: model.this, index };
        select.filters.push(Condition::In(Expr::Column(column), values));
        select
    }

    /// The same rows, locked until the transaction ends, where the database has row locks and the query's form
    /// allows it.
    pub(crate) fn locked_where_possible(mut self, db: &crate::backend::Db) -> Self {
        let one = self.distinct || self.grouped || !self.distinct_on.is_empty();
        let lockable = db.capabilities().for_update && !one;
        if lockable && self.lock.is_none() {
            self.lock = Some(Lock::default());
        }
        self
    }

    /// The primary key's column.
    #[must_use]
    pub const fn key_column(&self) -> ColumnRef {
        ColumnRef { hops: None, model: self.model.this, index: self.model.key }
    }

    /// In the order of the primary key.
    #[must_use]
    pub fn key_order(&self) -> Vec<OrderTerm> {
        ordered(Expr::Column(self.key_column()), false)
    }

    /// Only the primary key, for use as a subquery.
    #[must_use]
    pub fn only_key(mut self) -> Self {
        self.parts = vec![Part::Key(self.model)];
        self
    }

    /// How many columns the parts take; the keys of prefetched rows follow, then the owner's.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.parts.iter().map(Part::columns).sum()
    }

    /// The prefetched parts, in order.
    pub fn prefetches(&self) -> impl Iterator<Item = &Arc<dyn Prefetch>> {
        self.parts.iter().filter_map(|part| match part {
            Part::Prefetch(prefetch) => Some(prefetch),
            _ => None,
        })
    }

    /// How many columns a row has before the owner's key.
    #[must_use]
    pub fn width(&self) -> usize {
        self.columns() + self.prefetches().map(|prefetch| prefetch.key().width()).sum::<usize>()
    }

    /// Lets a relation lead only to the rows that fulfil a condition, wherever the query names it.
    pub(super) fn narrow(&mut self, hop: &'static Hop, condition: Condition) {
        match self.narrowed.iter_mut().find(|(known, _)| *known == hop) {
            Some((_, known)) => *known = std::mem::replace(known, Condition::always()).and(condition),
            None => self.narrowed.push((hop, condition)),
        }
    }

    /// Only the rows that fulfil a condition, each once, whatever relations the condition goes over.
    #[must_use]
    pub fn limited(mut self, limit: Option<Condition>) -> Self {
        let Some(condition) = limit else { return self };
        let mut fulfil = Self::of(self.model).only_key();
        fulfil.order = Some(Vec::new());
        fulfil.filters.push(condition);
        if crate::sql::joins_many(&fulfil) {
            let key = Expr::Column(self.key_column());
            self.filters.push(Condition::InQuery(key, Box::new(fulfil)));
        } else {
            self.filters.extend(fulfil.filters);
        }
        self
    }

    /// The same rows in the other direction.
    pub(super) fn turned(mut self) -> Self {
        self.reversed = !self.reversed;
        self
    }

    /// With the model's own ordering written out where the query says none.
    pub(super) fn in_own_order(mut self) -> Self {
        let key = self.key_column();
        let own = |term: &nuages_schema::OrderSchema| OrderTerm {
            expr: Expr::Column(ColumnRef { index: term.field, ..key }),
            descending: term.descending,
            nulls_first: None,
        };
        self.order = self.order.take().or_else(|| Some(self.model.ordering.iter().map(own).collect()));
        self
    }

    /// Whether rows were cut off by a limit or an offset.
    #[must_use]
    pub const fn is_sliced(&self) -> bool {
        self.limit.is_some() || self.offset > 0
    }

    /// Keeps `count` rows after leaving out `skip` of those that are there already.
    pub fn slice(&mut self, skip: u64, count: Option<u64>) {
        let left = self.limit.map(|limit| limit.saturating_sub(skip));
        self.offset += skip;
        self.limit = match (left, count) {
            (Some(left), Some(count)) => Some(left.min(count)),
            (left, count) => left.or(count),
        };
    }
}

/// The terms of an ordering by an expression: of a composite key one for each part.
fn ordered(expr: Expr, descending: bool) -> Vec<OrderTerm> {
    let term = |expr| OrderTerm { expr, descending, nulls_first: None };
    expr.parts().into_iter().map(term).collect()
}

/// A term of an ordering of the rows of `M`.
#[must_use = "an ordering does nothing until `order_by` takes it"]
pub struct Order<M> {
    term: OrderTerm,
    marker: PhantomData<fn() -> M>,
}

impl<M: Model> Order<M> {
    /// Orders by an expression.
    pub const fn new(expr: Expr, descending: bool) -> Self {
        Self { term: OrderTerm { expr, descending, nulls_first: None }, marker: PhantomData }
    }

    /// NULL before everything else.
    pub const fn nulls_first(mut self) -> Self {
        self.term.nulls_first = Some(true);
        self
    }

    /// NULL after everything else.
    pub const fn nulls_last(mut self) -> Self {
        self.term.nulls_first = Some(false);
        self
    }
}

/// What `order_by` takes: a term, a column (smallest first), or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "rows cannot be ordered by `{Self}`",
    label = "expected a column such as `b.title`, `b.title.desc()`, or a tuple of them"
)]
pub trait Ordering<M: Model> {
    /// The terms.
    fn terms(self) -> Vec<OrderTerm>;
}

impl<M: Model> Ordering<M> for Order<M> {
    fn terms(self) -> Vec<OrderTerm> {
        let OrderTerm { expr, descending, nulls_first } = self.term;
        let terms = ordered(expr, descending).into_iter();
        terms.map(|term| OrderTerm { nulls_first, ..term }).collect()
    }
}

impl<P: Path, T: Field> Ordering<P::Root> for Column<P, T> {
    fn terms(self) -> Vec<OrderTerm> {
        ordered(self.into_expr(), false)
    }
}

impl<M: Model, T: Field, K: Kind> Ordering<M> for Computed<M, T, K> {
    fn terms(self) -> Vec<OrderTerm> {
        vec![Order::<M>::new(self.into_expr(), false).term]
    }
}

macro_rules! ordering_tuples {
    ($(($($name:ident),+))*) => {$(
        impl<M: Model, $($name: Ordering<M>),+> Ordering<M> for ($($name,)+) {
            #[allow(non_snake_case, reason = "the type parameters name the parts")]
            fn terms(self) -> Vec<OrderTerm> {
                let ($($name,)+) = self;
                let mut terms = Vec::new();
                $(terms.extend($name.terms());)+
                terms
            }
        }
    )*};
}

ordering_tuples! { (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) }

/// The condition of a closure over the fields of `M`.
pub(super) fn condition<M: Model>(build: impl FnOnce(&M::Fields<crate::path::Root<M>>) -> Q<M>) -> Condition {
    build(M::fields()).into_condition()
}
