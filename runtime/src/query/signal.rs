//! Signals: what runs when a row is saved or deleted, or a many-to-many relation changes.
//!
//! A receiver is registered statically; a model without receivers pays one
//! look-up in a list made at start. Receivers run inside the transaction.

use std::any::Any;
use std::sync::OnceLock;

use futures_util::future::BoxFuture;
use nuages_schema::ModelSchema;

use crate::backend::{Db, Row};
use crate::error::Result;
use crate::model::ModelEntry;
use crate::value::Value;

/// When a receiver runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signal {
    /// Before a row is written.
    PreSave,
    /// After a row was written.
    PostSave,
    /// Before a row is deleted.
    PreDelete,
    /// After a row was deleted.
    PostDelete,
    /// After rows were added to or removed from a many-to-many relation.
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
#[derive(Clone, Debug)]
pub struct ManyChange {
    /// The relation's name in the model that declares it.
    pub relation: &'static str,
    /// Whether rows were added; otherwise they were removed.
    pub added: bool,
    /// The keys at the other end.
    pub keys: Vec<Value>,
}

/// A receiver, as `#[receiver]` registers it.
pub struct Receiver {
    /// The model whose rows it is told of.
    pub model: fn() -> &'static ModelSchema,
    /// When it runs.
    pub signal: Signal,
    /// The function.
    pub run: for<'a> fn(Event<'a>) -> BoxFuture<'a, Result<()>>,
}

inventory::collect!(&'static Receiver);

fn receivers() -> &'static [&'static Receiver] {
    static ALL: OnceLock<Vec<&'static Receiver>> = OnceLock::new();
    ALL.get_or_init(|| inventory::iter::<&'static Receiver>().copied().collect())
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
