//! Prefetching: the rows that to-many relations lead to, in one more statement per relation.

use std::any::Any;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use nuages_schema::ModelSchema;

use super::select::Owner;
use super::shape::{Cursor, Groups};
use super::{Rows, Select, Shape, run};
use crate::backend::{Db, Row};
use crate::error::Result;
use crate::field::{ColumnRef, Relation};
use crate::model::Model;
use crate::path::{Hop, HopKind, Nullness, Path, Step};
use crate::value::Value;

/// A relation whose rows are loaded beside the rows of a query.
pub trait Prefetch: Send + Sync {
    /// The column of the query whose values the rows are found by.
    fn key(&self) -> ColumnRef;

    /// Loads the rows that belong to `keys`. `at` is where the key stands in a row of the query.
    fn load<'a>(&'a self, db: &'a Db, keys: Vec<Value>, at: usize) -> BoxFuture<'a, Result<Box<dyn Groups>>>;
}

/// What `prefetch_related` takes: a to-many relation, or one with a query of its own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be prefetched",
    label = "expected a to-many relation such as `a.books()`",
    note = "a relation to one row is loaded with `select_related`"
)]
pub trait PrefetchPath<M: Model> {
    /// What is loaded for each related row.
    type Item: Send + 'static;

    /// The untyped form.
    fn prefetch(self) -> Arc<dyn Prefetch>;
}

impl<M, P, S, N> PrefetchPath<M> for Relation<P, S, N>
where
    M: Model,
    P: Path<Root = M>,
    S: Step,
    N: Nullness,
    (S::To,): Shape<Item: Send>,
{
    type Item = <(S::To,) as Shape>::Item;

    fn prefetch(self) -> Arc<dyn Prefetch> {
        self.rows(|query| query).prefetch()
    }
}

impl<M: Model, T: Model, S: Shape> PrefetchPath<M> for Rows<M, T, S> {
    type Item = S::Item;

    fn prefetch(self) -> Arc<dyn Prefetch> {
        loader::<S>(key_of(self.hop), owner_of(self.hop, self.back), self.query.into_select())
    }
}

struct Loader<S> {
    key: ColumnRef,
    owner: ColumnRef,
    select: Select,
    marker: PhantomData<fn() -> S>,
}

/// Loads the rows of a query whose column `owner` holds a value of the column `key` of another one.
pub(super) fn loader<S: Shape>(key: ColumnRef, owner: ColumnRef, select: Select) -> Arc<dyn Prefetch> {
    Arc::new(Loader::<S> { key, owner, select, marker: PhantomData })
}

/// The column of the related rows that holds the key of the row they belong to.
fn owner_of(hop: &'static Hop, back: &'static Hop) -> ColumnRef {
    match hop.kind {
        HopKind::Reverse | HopKind::ReverseOne => {
            ColumnRef { hops: None, model: hop.model, index: hop.index }
        }
        HopKind::Forward => ColumnRef { hops: None, model: target_of(hop), index: hop.target().key },
        HopKind::ManyToMany => ColumnRef { hops: Some(back), model: hop.model, index: (hop.model)().key },
        HopKind::ManyToManyReverse => {
            let target = (hop.model)().many_to_many[hop.index].target;
            ColumnRef { hops: Some(back), model: target, index: target().key }
        }
    }
}

/// The column of a query by whose values the rows behind a hop are found.
fn key_of(hop: &'static Hop) -> ColumnRef {
    let (model, index): (fn() -> &'static ModelSchema, usize) = match hop.kind {
        HopKind::Forward => (hop.model, hop.index),
        HopKind::ManyToMany => (hop.model, (hop.model)().key),
        HopKind::Reverse | HopKind::ReverseOne => (target_of(hop), target_of(hop)().key),
        HopKind::ManyToManyReverse => {
            let target = (hop.model)().many_to_many[hop.index].target;
            (target, target().key)
        }
    };
    ColumnRef { hops: hop.before, model, index }
}

/// The model at the end of a foreign key, as the function that gives it.
fn target_of(hop: &Hop) -> fn() -> &'static ModelSchema {
    (hop.model)().fields[hop.index].foreign.map_or(hop.model, |foreign| foreign.target)
}

impl<S: Shape> Prefetch for Loader<S> {
    fn key(&self) -> ColumnRef {
        self.key
    }

    fn load<'a>(&'a self, db: &'a Db, keys: Vec<Value>, at: usize) -> BoxFuture<'a, Result<Box<dyn Groups>>> {
        Box::pin(async move {
            let key = self.key;
            let mut grouped =
                Grouped::<S> { rows: HashMap::new(), nested: Vec::new(), at, key, marker: PhantomData };
            let mut select = self.select.clone();
            select.owner = Some(Owner { column: self.owner, keys });
            let fetched = run::fetch(db, &select).await?;
            grouped.nested = fetched.groups;
            let owner = select.width();
            for row in fetched.rows {
                let key = KeyValue::from(key.read(&row, owner)?);
                grouped.rows.entry(key).or_default().push(row);
            }
            Ok(Box::new(grouped) as Box<dyn Groups>)
        })
    }
}

/// Related rows by the key of the row they belong to. They are kept as the
/// database gave them, because one of them may belong to several rows.
struct Grouped<S> {
    rows: HashMap<KeyValue, Vec<Row>>,
    nested: Vec<Box<dyn Groups>>,
    at: usize,
    key: ColumnRef,
    marker: PhantomData<fn() -> S>,
}

impl<S: Shape> Groups for Grouped<S> {
    fn take(&mut self, row: &Row) -> Result<Box<dyn Any>> {
        let key = KeyValue::from(self.key.read(row, self.at)?);
        let mut items: Vec<S::Item> = Vec::new();
        for row in self.rows.get(&key).map_or(&[][..], Vec::as_slice) {
            let mut cursor = Cursor { row, at: 0, prefetched: &mut self.nested, next_prefetched: 0 };
            items.push(S::read(&mut cursor)?);
        }
        Ok(Box::new(items))
    }
}

/// A key that can be looked up in a map.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyValue {
    /// NULL: belongs to nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// A UUID.
    Uuid(uuid::Uuid),
    /// Text, and anything else in its written form.
    Text(String),
    /// A composite key.
    Parts(Vec<KeyValue>),
}

impl From<Value> for KeyValue {
    fn from(value: Value) -> Self {
        match value {
            Value::Null(_) => Self::Null,
            Value::Int(number) => Self::Int(number),
            Value::Uuid(uuid) => Self::Uuid(uuid),
            Value::Text(text) => Self::Text(text),
            Value::Key(parts) => Self::Parts(parts.into_iter().map(Self::from).collect()),
            other => Self::Text(format!("{other:?}")),
        }
    }
}
