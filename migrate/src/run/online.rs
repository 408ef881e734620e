//! Whether a migration changes large tables, so that it is worth not being one transaction.

use nuages::backend::{Statement, quote_identifier};
use nuages::value::Value;
use nuages::{Db, Result};
use nuages_build::file::Migration;

use super::journal;
use crate::editor::{Planned, Step};

/// Whether one of the tables has more rows than that. A migration that an earlier run began goes on as it began.
pub(super) async fn is_wanted(
    db: &Db,
    migration: &Migration,
    planned: &[Planned],
    above: u32,
) -> Result<bool> {
    let mut tables: Vec<&str> = planned.iter().filter_map(|planned| table_of(&planned.step)).collect();
    if tables.is_empty() {
        return Ok(false);
    }
    if let Some(online) = journal::was_online(db, migration).await? {
        return Ok(online);
    }
    tables.sort_unstable();
    tables.dedup();
    for table in tables {
        if is_above(db, table, above).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn table_of(step: &Step) -> Option<&str> {
    match step {
        Step::Concurrently { table, .. } | Step::Apart { table, .. } => Some(table),
        _ => None,
    }
}

/// Reads no more rows than it must. A table that is not there yet under its name is believed to be large.
async fn is_above(db: &Db, table: &str, above: u32) -> Result<bool> {
    let quoted = quote_identifier(db.backend(), table)?;
    let known = Statement::new("SELECT to_regclass($1)::text", vec![Value::Text(quoted.clone())]);
    if db.fetch_optional(known).await?.map(|row| row.is_null(0)).transpose()? != Some(false) {
        return Ok(true);
    }
    let sql = format!("SELECT 1::bigint FROM {quoted} OFFSET {above} LIMIT 1");
    Ok(db.fetch_optional(sql.into()).await?.is_some())
}
