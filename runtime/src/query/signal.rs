//! Signals: what runs when a row is saved or deleted, or a many-to-many relation changes.
//!
//! A receiver is registered statically; a model without receivers pays one
//! look-up in a list made at start. Receivers run inside the transaction.
//!
//! Which writes tell whom, and what of, is written at [`Signal`].

use std::any::Any;
use std::sync::OnceLock;

use futures_util::future::BoxFuture;
use nuages_schema::ModelSchema;

use crate::backend::{Db, Row};
use crate::error::Result;
use crate::model::ModelEntry;
use crate::value::Value;

/// When a receiver runs.
///
/// Every path tells: `create`, `save`, `bulk_create`, `get_or_create`, `update` and `delete` of a query, and
/// the rows that a deletion takes along. (Django's `bulk_create` and `update` tell nobody.) An error that a
/// receiver returns takes the whole write back. Several receivers of one signal run in the order of their crates,
/// modules and names, whatever order they were linked in. Nobody is told of what the database does by itself
/// (`db::Cascade`, `db::SetNull`), of a foreign key that a deletion empties (`SetNull`, `SetDefault`; as in
/// Django), and of join rows that go because one of their ends is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signal {
    /// Before a row is written; the receiver is given the row as it is about to be. Of a row that is there
    /// already the database computes it first, so that an `update` with an expression shows its result.
    PreSave,
    /// After a row was written, as the database holds it.
    PostSave,
    /// Before a row is deleted. The rows that go with it are told of before any of them is gone.
    PreDelete,
    /// After a row was deleted, and everything that hung on it; rows that refer to each other in a ring are gone
    /// chunk by chunk.
    PostDelete,
    /// Before and after a many-to-many relation changes; [`ManyChange::action`] says which.
    ManyToManyChanged,
}

/// What a receiver is told.
pub struct Event<'a> {
    /// The database session, inside the transaction.
    pub db: &'a Db,
    /// The row, as the model's own type.
    pub instance: &'a (dyn Any + Send + Sync),
    /// Whether the row is new (of a save).
    pub created: bool,
    /// What changed (of a many-to-many relation).
    pub change: Option<ManyChange>,
}

/// A change of a many-to-many relation.
///
/// The instance that a receiver is given is always of the model that declares the relation: where a change is
/// made from the other end (`tag.related(|t| t.books()).add(…)`), each book is told of, with `reverse` set.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ManyChange {
    /// The relation's name in the model that declares it.
    pub relation: &'static str,
    /// What happens, and whether it has happened.
    pub action: ManyAction,
    /// Whether the change was made from the other end.
    pub reverse: bool,
    /// The keys at the other end: of `add` those that are new, of `remove` and `clear` those that were there.
    pub keys: Vec<Value>,
}

/// What happens to a many-to-many relation. `set` is a removal and an addition, of what differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ManyAction {
    /// Rows are about to be joined.
    PreAdd,
    /// Rows were joined.
    PostAdd,
    /// Rows are about to be parted.
    PreRemove,
    /// Rows were parted.
    PostRemove,
    /// All rows are about to be parted.
    PreClear,
    /// All rows were parted.
    PostClear,
}

/// A receiver, as `#[receiver]` registers it.
pub struct Receiver {
    /// The model whose rows it is told of.
    pub model: fn() -> &'static ModelSchema,
    /// When it runs.
    pub signal: Signal,
    /// The path of the module that it is in, which begins with its crate's name.
    pub module: &'static str,
    /// The function's name.
    pub name: &'static str,
    /// The function.
    pub run: for<'a> fn(Event<'a>) -> BoxFuture<'a, Result<()>>,
}

inventory::collect!(&'static Receiver);

/// In an order that no linker decides: by crate, module and name.
fn receivers() -> &'static [&'static Receiver] {
    static ALL: OnceLock<Vec<&'static Receiver>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all: Vec<_> = inventory::iter::<&'static Receiver>().copied().collect();
        all.sort_by_key(|receiver| (receiver.module, receiver.name));
        all
    })
}

/// Whether anybody wants to be told of one of the signals of a model.
pub(crate) fn heard(schema: &'static ModelSchema, signals: &[Signal]) -> bool {
    receivers().iter().any(|receiver| signals.contains(&receiver.signal) && (receiver.model)() == schema)
}

/// Tells the receivers of one row.
pub(crate) async fn send(schema: &'static ModelSchema, signal: Signal, event: &Event<'_>) -> Result<()> {
    for receiver in receivers() {
        if receiver.signal == signal && (receiver.model)() == schema {
            let Event { db, instance, created, .. } = *event;
            (receiver.run)(Event { db, instance, created, change: event.change.clone() }).await?;
        }
    }
    Ok(())
}

/// Tells the receivers of a row that is known as columns.
pub(crate) async fn send_row(
    db: &Db,
    entry: &'static ModelEntry,
    signal: Signal,
    row: &Row,
    created: bool,
) -> Result<()> {
    if !heard(entry.schema, &[signal]) {
        return Ok(());
    }
    let instance = (entry.instance)(row, 0)?;
    send(entry.schema, signal, &Event { db, instance: &*instance, created, change: None }).await
}

/// A row that is not written yet: what is not given is NULL, and a key to come is 0.
pub(crate) fn draft_row(schema: &'static ModelSchema, values: &[(usize, Value)]) -> Row {
    let columns = schema.fields.iter().enumerate().map(|(index, field)| {
        let given = values.iter().find(|(given, _)| *given == index).map(|(_, value)| value.clone());
        given.unwrap_or(if field.options.auto { Value::Int(0) } else { Value::Null((field.kind)()) })
    });
    Row::Values(columns.collect())
}
