//! UPDATE: of one row by key, and of the rows of a query.

use super::prefetch::KeyValue;
use super::signal::{self, Signal};
use super::{Select, run};
use crate::backend::{Db, Row};
use crate::error::Result;
use crate::expr::Expr;
use crate::model::ModelEntry;
use crate::sql;
use crate::value::Value;

/// With receivers, a change of many rows runs in chunks of this size.
pub(super) const CHUNK: usize = 1000;

/// Changes columns of one row by its key. Gives the row as the database holds it, if the model has columns
/// that only the database knows after a save.
///
/// # Errors
/// `DoesNotExist` if the row is gone; a violated constraint names its field.
pub async fn update_row(
    db: &Db,
    entry: &'static ModelEntry,
    key: Value,
    mut values: Vec<(usize, Value)>,
) -> Result<Option<Row>> {
    for (index, field) in entry.schema.fields.iter().enumerate().filter(|(_, field)| field.options.auto_now) {
        values.retain(|(given, _)| *given != index);
        values.push((index, super::insert::now((field.kind)())));
    }
    if !signal::heard(entry.schema, &[Signal::PreSave, Signal::PostSave]) {
        return write(db, entry, key, values).await;
    }
    db.atomic(async |db| {
        let before = read(&db, entry, key.clone()).await?;
        signal::send_row(&db, entry, Signal::PreSave, &changed(entry, &before, &values)?, false).await?;
        write(&db, entry, key.clone(), values).await?;
        let after = read(&db, entry, key).await?;
        signal::send_row(&db, entry, Signal::PostSave, &after, false).await?;
        Ok(Some(after))
    })
    .await
}

async fn write(
    db: &Db,
    entry: &'static ModelEntry,
    key: Value,
    values: Vec<(usize, Value)>,
) -> Result<Option<Row>> {
    let schema = entry.schema;
    let named = |error| sql::name_field(error, schema);
    let statement = sql::update_by_key(db, schema, key.clone(), values)?;
    if db.capabilities().returning_changes {
        let row = db.fetch_optional(statement).await.map_err(named)?;
        return row.map(Some).ok_or_else(|| run::does_not_exist(schema));
    }
    db.execute(statement).await.map_err(named)?;
    // The number of rows is no answer here: MySQL does not count a row that was the same already.
    read(db, entry, key).await.map(Some)
}

async fn read(db: &Db, entry: &'static ModelEntry, key: Value) -> Result<Row> {
    let row = db.fetch_optional(sql::by_key(db, entry.schema, key)?).await?;
    row.ok_or_else(|| run::does_not_exist(entry.schema))
}

/// A row with some columns changed, as receivers see it before it is written.
fn changed(entry: &ModelEntry, row: &Row, values: &[(usize, Value)]) -> Result<Row> {
    let columns: Result<Vec<Value>> = entry
        .schema
        .fields
        .iter()
        .enumerate()
        .map(|(index, field)| match values.iter().find(|(given, _)| *given == index) {
            Some((_, value)) => Ok(value.clone()),
            None => row.value(index, (field.kind)()),
        })
        .collect();
    columns.map(Row::Values)
}

/// Changes columns of the rows of a query; gives the number of rows.
pub(super) async fn update_query(
    db: &Db,
    entry: &'static ModelEntry,
    select: Select,
    mut assignments: Vec<(usize, Expr)>,
) -> Result<u64> {
    if select.nothing || assignments.is_empty() {
        return Ok(0);
    }
    for (index, field) in entry.schema.fields.iter().enumerate().filter(|(_, field)| field.options.auto_now) {
        if !assignments.iter().any(|(given, _)| *given == index) {
            assignments.push((index, Expr::Value(super::insert::now((field.kind)()))));
        }
    }
    let named = |error| sql::name_field(error, entry.schema);
    if !signal::heard(entry.schema, &[Signal::PreSave, Signal::PostSave]) {
        return db.execute(sql::update(db, &select, &assignments)?).await.map_err(named);
    }
    db.atomic(async |db| {
        let mut keys = run::keys(&db, select).await?;
        let mut seen = std::collections::HashSet::new();
        // A row that a join found several times is one row.
        keys.retain(|key| seen.insert(KeyValue::from(key.clone())));
        for chunk in keys.chunks(CHUNK) {
            update_chunk(&db, entry, chunk, &assignments).await?;
        }
        Ok(keys.len() as u64)
    })
    .await
}

async fn update_chunk(
    db: &Db,
    entry: &'static ModelEntry,
    keys: &[Value],
    assignments: &[(usize, Expr)],
) -> Result<()> {
    let mut select = Select::of(entry.schema);
    select.order = Some(Vec::new());
    let column = Expr::Column(select.key_column());
    select.filters.push(crate::expr::Condition::In(column, keys.to_vec()));
    for row in db.fetch(sql::select(db, &select)?).await? {
        signal::send_row(db, entry, Signal::PreSave, &row, false).await?;
    }
    db.execute(sql::update(db, &select, assignments)?).await.map_err(|e| sql::name_field(e, entry.schema))?;
    for row in db.fetch(sql::select(db, &select)?).await? {
        signal::send_row(db, entry, Signal::PostSave, &row, false).await?;
    }
    Ok(())
}
