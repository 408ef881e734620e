//! Many rows changed at once, each to values of its own.

use std::borrow::Cow;
use std::collections::HashMap;

use nuages_schema::ModelSchema;

use super::prefetch::KeyValue;
use super::save::Columns;
use super::signal::{self, Signal};
use super::{Part, QuerySet, Select, insert, update};
use crate::backend::Db;
use crate::error::{Error, ErrorKind, Result};
use crate::expr::Expr;
use crate::field::{ColumnRef, Field};
use crate::model::{Model, ModelEntry};
use crate::path::Root;
use crate::sql;
use crate::value::Value;

/// Rows of one statement. MySQL compares each row with each of them.
const CHUNK: usize = 500;

/// A row: its key, and the new values with their positions.
type Changed = (Value, Vec<(usize, Value)>);

impl<M: Model> QuerySet<M> {
    /// Writes some columns of many rows by their keys, in as few statements as the database allows, in one
    /// transaction; gives the number of rows that are there: `.bulk_update(&db, &books, |b| (b.price, b.status))`.
    ///
    /// Rows that are gone are left out, as in Django. With receivers of signals the rows are written one by one. A
    /// version is compared and counts on: rows are locked and looked at before they are written.
    ///
    /// # Errors
    /// If a constraint is violated, `Conflict` if a row has moved on since it was read; then none of the rows is changed.
    pub async fn bulk_update<C: Columns<M>>(
        self,
        db: &Db,
        rows: &[M],
        columns: impl FnOnce(&M::Fields<Root<M>>) -> C,
    ) -> Result<u64> {
        let mut positions = columns(M::fields()).positions();
        let fields = M::schema().fields.iter().enumerate();
        let stamped: Vec<usize> =
            fields.filter(|(_, f)| f.options.auto_now).map(|(index, _)| index).collect();
        let version = M::schema().version();
        let own =
            |index: &usize| stamped.contains(index) || Some(*index) == version || M::schema().is_key(*index);
        positions.retain(|index| !own(index));
        let nothing = positions.is_empty() && stamped.is_empty();
        positions.extend(version.filter(|_| !nothing));
        positions.sort_unstable();
        positions.dedup();
        let changed = rows.iter().map(|row| {
            let mut values: Vec<_> = positions.iter().map(|index| (*index, row.value(*index))).collect();
            let now = |index: &usize| (*index, insert::now((M::schema().fields[*index].kind)()));
            values.extend(stamped.iter().map(now));
            (row.key().to_value(), values)
        });
        update_rows(db, M::entry(), changed.collect()).await
    }
}

async fn update_rows(db: &Db, entry: &'static ModelEntry, rows: Vec<Changed>) -> Result<u64> {
    if rows.first().is_none_or(|(_, values)| values.is_empty()) {
        return Ok(0);
    }
    db.atomic(async |db| {
        let mut count = 0;
        let heard = signal::heard(entry.schema, &[Signal::PreSave, Signal::PostSave]);
        let version = entry.schema.version();
        if heard {
            for (key, values) in rows {
                let known =
                    values.iter().find(|(index, _)| Some(*index) == version).map(|(_, value)| value.clone());
                match update::update_row_at(&db, entry, key, values, known).await {
                    Ok(_) => count += 1,
                    Err(error) if error.is_does_not_exist() => {}
                    Err(error) => return Err(error),
                }
            }
            return Ok(count);
        }
        let width = rows.first().map_or(1, |(key, values)| 2 * values.len() + key.parts().len());
        let most = (db.capabilities().max_parameters / width).clamp(1, CHUNK);
        for chunk in rows.chunks(most) {
            let chunk = match version {
                Some(version) => Cow::Owned(next_versions(&db, entry.schema, version, chunk).await?),
                None => Cow::Borrowed(chunk),
            };
            if chunk.is_empty() {
                continue;
            }
            let statement = sql::update_each(&db, entry.schema, &chunk)?;
            count += db.execute(statement).await.map_err(|error| sql::name_field(error, entry.schema))?;
        }
        Ok(count)
    })
    .await
}

/// Those of the rows that are there, with the version that comes next, and locked where the database can.
async fn next_versions(
    db: &Db,
    schema: &'static ModelSchema,
    version: usize,
    rows: &[Changed],
) -> Result<Vec<Changed>> {
    let keys = rows.iter().map(|(key, _)| key.clone()).collect();
    let mut select = Select::of_keys(schema, keys).locked_where_possible(db);
    let column = ColumnRef { index: version, ..select.key_column() };
    select.parts = vec![Part::Key(schema), Part::Value(Expr::Column(column))];
    let (key, kind) = (select.key_column(), (schema.fields[version].kind)());
    let behind = schema.key_columns().len();
    let mut there = HashMap::new();
    for row in db.fetch(sql::select(db, &select)?).await? {
        there.insert(KeyValue::from(key.read(&row, 0)?), row.value(behind, kind)?);
    }
    let mut next = Vec::with_capacity(rows.len());
    for (key, values) in rows {
        let Some(now) = there.get(&KeyValue::from(key.clone())) else { continue };
        let mut values = values.clone();
        for (_, value) in values.iter_mut().filter(|(index, _)| *index == version) {
            *value = match (&*value, now) {
                (Value::Int(known), Value::Int(now)) if known == now => Value::Int(now + 1),
                _ => return Err(moved_on(schema)),
            };
        }
        next.push((key.clone(), values));
    }
    Ok(next)
}

fn moved_on(schema: &ModelSchema) -> Error {
    let text =
        format!("one of the {} was changed by somebody else since it was read", schema.verbose_name_plural);
    Error::new(ErrorKind::Conflict, text)
}
