//! UPDATE: of one row by key, and of the rows of a query.

use nuages_schema::FieldSchema;

use super::prefetch::KeyValue;
use super::signal::{self, Signal};
use super::{Part, Select, run};
use crate::backend::{Db, Row};
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{Expr, Operator};
use crate::field::ColumnRef;
use crate::model::{ModelEntry, key_value};
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
    values: Vec<(usize, Value)>,
) -> Result<Option<Row>> {
    update_row_at(db, entry, key, values, None).await
}

/// The same if the row still has this version; the version counts on either way.
///
/// # Errors
/// `Conflict` if the row has moved on.
pub async fn update_row_at(
    db: &Db,
    entry: &'static ModelEntry,
    key: Value,
    mut values: Vec<(usize, Value)>,
    version: Option<Value>,
) -> Result<Option<Row>> {
    let counted = entry.schema.version();
    values.retain(|(index, _)| Some(*index) != counted);
    let version = counted.zip(version);
    super::insert::writable(entry.schema, values.iter().map(|(index, _)| *index))?;
    for (index, field) in entry.schema.fields.iter().enumerate().filter(|(_, field)| field.options.auto_now) {
        values.retain(|(given, _)| *given != index);
        values.push((index, super::insert::now((field.kind)())));
    }
    if !signal::heard(entry.schema, &[Signal::PreSave, Signal::PostSave]) {
        return write(db, entry, key, values, version).await;
    }
    db.atomic(async |db| {
        let select = Select::of_keys(entry.schema, vec![key.clone()]).locked_where_possible(&db);
        let before = db.fetch_optional(sql::select(&db, &select)?).await?;
        let before = before.ok_or_else(|| run::does_not_exist(entry.schema))?;
        signal::send_row(&db, entry, Signal::PreSave, &changed(entry, &before, &values)?, false).await?;
        write(&db, entry, key.clone(), values, version).await?;
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
    version: Option<(usize, Value)>,
) -> Result<Option<Row>> {
    let schema = entry.schema;
    let named = |error| sql::name_field(error, schema);
    let guarded = version.is_some();
    let statement = sql::update_by_key(db, schema, key.clone(), values, version)?;
    if db.capabilities().returning_changes {
        return match db.fetch_optional(statement).await.map_err(named)? {
            Some(row) => Ok(Some(row)),
            None if guarded => Err(moved_on(db, entry, key).await?),
            None => Err(run::does_not_exist(schema)),
        };
    }
    // A version that counts on is always another one, so that MySQL counts the row too.
    if db.execute(statement).await.map_err(named)? == 0 && guarded {
        return Err(moved_on(db, entry, key).await?);
    }
    // The number of rows is no answer here: MySQL does not count a row that was the same already.
    read(db, entry, key).await.map(Some)
}

/// Why no row had the version that was read: it has another one now, or it is gone.
async fn moved_on(db: &Db, entry: &'static ModelEntry, key: Value) -> Result<Error> {
    read(db, entry, key).await?;
    let text = format!("the {} was changed by somebody else since it was read", entry.schema.verbose_name);
    Ok(Error::new(ErrorKind::Conflict, text))
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
            None => row.value(index, (field.kind)()).map(|value| rounded(value, field)),
        })
        .collect();
    columns.map(Row::Values)
}

/// A computed decimal with the places that its column keeps; all databases round half away from zero.
fn rounded(value: Value, field: &FieldSchema) -> Value {
    match (value, field.options.decimal_places) {
        (Value::Decimal(number), Some(places)) => Value::Decimal(
            number
                .round_dp_with_strategy(places.into(), rust_decimal::RoundingStrategy::MidpointAwayFromZero),
        ),
        (value, _) => value,
    }
}

/// Changes columns of the rows of a query; gives the number of rows.
pub(super) async fn update_query(
    db: &Db,
    entry: &'static ModelEntry,
    select: Select,
    assignments: Vec<(usize, Expr)>,
) -> Result<u64> {
    let mut assignments = super::insert::of_columns(entry.schema, assignments)?;
    if select.nothing || assignments.is_empty() {
        return Ok(0);
    }
    for (index, field) in entry.schema.fields.iter().enumerate().filter(|(_, field)| field.options.auto_now) {
        if !assignments.iter().any(|(given, _)| *given == index) {
            assignments.push((index, Expr::Value(super::insert::now((field.kind)()))));
        }
    }
    super::insert::writable(entry.schema, assignments.iter().map(|(index, _)| *index))?;
    if let Some(version) = entry.schema.version() {
        assignments.retain(|(given, _)| *given != version);
        let column =
            Expr::Column(crate::field::ColumnRef { hops: None, model: entry.schema.this, index: version });
        let next = Expr::Binary(Box::new(column), Operator::Add, Box::new(Expr::Value(Value::Int(1))));
        assignments.push((version, next));
    }
    let named = |error| sql::name_field(error, entry.schema);
    if !signal::heard(entry.schema, &[Signal::PreSave, Signal::PostSave]) {
        return db.execute(sql::update(db, &select, &assignments)?).await.map_err(named);
    }
    db.atomic(async |db| {
        let twice = sql::joins_many(&select);
        let mut keys = run::keys(&db, select.locked_where_possible(&db)).await?;
        if twice {
            // A row that a join found several times is one row.
            let mut seen = std::collections::HashSet::new();
            keys.retain(|key| seen.insert(KeyValue::from(key.clone())));
        }
        for chunk in keys.chunks(CHUNK) {
            Box::pin(update_chunk(&db, entry, chunk, &assignments)).await?;
        }
        Ok(keys.len() as u64)
    })
    .await
}

/// Changes rows by key, telling receivers of each: before, as the database will write it, and after.
async fn update_chunk(
    db: &Db,
    entry: &'static ModelEntry,
    keys: &[Value],
    assignments: &[(usize, Expr)],
) -> Result<()> {
    let schema = entry.schema;
    let told = signal::heard(schema, &[Signal::PreSave]);
    let moved = assignments.iter().any(|(index, _)| schema.is_key(*index));
    let mut keys_after = keys.to_vec();
    if told || moved {
        let rows = as_changed(db, entry, keys, assignments).await?;
        for row in &rows {
            signal::send_row(db, entry, Signal::PreSave, row, false).await?;
        }
        if moved {
            keys_after = rows.iter().map(|row| key_value(row, 0, schema)).collect::<Result<_>>()?;
        }
    }
    let select = Select::of_keys(schema, keys.to_vec());
    db.execute(sql::update(db, &select, assignments)?).await.map_err(|e| sql::name_field(e, schema))?;
    if signal::heard(schema, &[Signal::PostSave]) {
        for row in db.fetch(sql::select(db, &Select::of_keys(schema, keys_after))?).await? {
            signal::send_row(db, entry, Signal::PostSave, &row, false).await?;
        }
    }
    Ok(())
}

/// The rows as assignments are about to make them. Expressions are computed by the database, over the rows as they
/// are.
async fn as_changed(
    db: &Db,
    entry: &'static ModelEntry,
    keys: &[Value],
    assignments: &[(usize, Expr)],
) -> Result<Vec<Row>> {
    let mut select = Select::of_keys(entry.schema, keys.to_vec()).locked_where_possible(db);
    let mut values = Vec::new();
    let column = |index| Expr::Column(ColumnRef { index, ..select.key_column() });
    let mut parts: Vec<Part> =
        (0..entry.schema.fields.len()).map(|index| Part::Value(column(index))).collect();
    for (index, expr) in assignments {
        match expr {
            Expr::Value(value) => values.push((*index, value.clone())),
            _ => parts[*index] = Part::Value(expr.clone()),
        }
    }
    select.parts = parts;
    let rows = db.fetch(sql::select(db, &select)?).await?;
    rows.iter().map(|row| changed(entry, row, &values)).collect()
}
