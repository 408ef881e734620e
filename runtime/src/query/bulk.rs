//! Many new rows at once.

use nuages_schema::Backend;

use super::signal::{self, Signal};
use super::{Draft, QuerySet, insert};
use crate::backend::Db;
use crate::error::Result;
use crate::model::{Model, ModelEntry};
use crate::sql;
use crate::value::Value;

/// Rows of one statement share their columns; more rows than this go into the next one.
const CHUNK: usize = 1000;
/// Rows of one statement where each column is one array.
const ARRAY_CHUNK: usize = 10_000;

impl<M: Model> QuerySet<M> {
    /// Writes many rows, in as few statements as the database allows, in one transaction; gives their number.
    ///
    /// # Errors
    /// If a constraint is violated; then none of the rows is written.
    pub async fn bulk_create<D: Into<Draft<M>>>(
        self,
        db: &Db,
        rows: impl IntoIterator<Item = D>,
    ) -> Result<u64> {
        let rows: Vec<Vec<(usize, Value)>> = rows.into_iter().map(|row| row.into().into_values()).collect();
        bulk_insert(db, M::entry(), rows).await
    }
}

async fn bulk_insert(db: &Db, entry: &'static ModelEntry, rows: Vec<Vec<(usize, Value)>>) -> Result<u64> {
    if rows.is_empty() {
        return Ok(0);
    }
    db.atomic(async |db| {
        let count = rows.len() as u64;
        if signal::heard(entry.schema, &[Signal::PreSave, Signal::PostSave]) {
            for row in rows {
                insert::insert_row(&db, entry, row).await?;
            }
            return Ok(count);
        }
        for (columns, rows) in same_columns(rows) {
            let arrays = db.backend() == Backend::Postgres && !columns.is_empty();
            let fit = db.capabilities().max_parameters / columns.len().max(1);
            let most = if arrays { ARRAY_CHUNK } else { fit.clamp(1, CHUNK) };
            let mut rows = rows.into_iter().peekable();
            while rows.peek().is_some() {
                let chunk: Vec<Vec<Value>> = rows.by_ref().take(most).collect();
                let statement = if arrays {
                    sql::insert_arrays(&db, entry.schema, &columns, chunk)?
                } else {
                    sql::insert_many(&db, entry.schema, &columns, chunk, false)?
                };
                db.execute(statement).await.map_err(|error| sql::name_field(error, entry.schema))?;
            }
        }
        Ok(count)
    })
    .await
}

/// Runs of rows that set the same columns.
fn same_columns(rows: Vec<Vec<(usize, Value)>>) -> Vec<(Vec<usize>, Vec<Vec<Value>>)> {
    let mut runs: Vec<(Vec<usize>, Vec<Vec<Value>>)> = Vec::new();
    for row in rows {
        let (columns, values): (Vec<usize>, Vec<Value>) = row.into_iter().unzip();
        match runs.last_mut() {
            Some((known, rows)) if *known == columns => rows.push(values),
            _ => runs.push((columns, vec![values])),
        }
    }
    runs
}
