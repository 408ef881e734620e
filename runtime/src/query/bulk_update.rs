//! Many rows changed at once, each to values of its own.

use super::save::Columns;
use super::signal::{self, Signal};
use super::{QuerySet, insert, update};
use crate::backend::Db;
use crate::error::Result;
use crate::field::Field;
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
    /// Rows that are gone are left out, as in Django. With receivers of signals, and with a
    /// version that counts on, the rows are written one by one.
    ///
    /// # Errors
    /// If a constraint is violated; then none of the rows is changed.
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
        positions.retain(|index| !stamped.contains(index) && !M::schema().is_key(*index));
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
        if heard || entry.schema.version().is_some() {
            for (key, values) in rows {
                match update::update_row(&db, entry, key, values).await {
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
            let statement = sql::update_each(&db, entry.schema, chunk)?;
            count += db.execute(statement).await.map_err(|error| sql::name_field(error, entry.schema))?;
        }
        Ok(count)
    })
    .await
}
