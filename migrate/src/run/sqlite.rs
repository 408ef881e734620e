//! SQLite: foreign keys are switched off before the transaction begins, because inside it the switch
//! does nothing and DROP TABLE would empty the tables that refer to it.

use std::collections::BTreeMap;

use nuages::backend::{Statement, quote_identifier};
use nuages::value::Value;
use nuages::{Db, Error, Result};
use nuages_schema::Backend;

use crate::editor::{Planned, Rebuild, Step};

/// Whether foreign keys have to be off while these steps run.
pub(super) fn touches_keys(db: &Db, planned: &[Planned]) -> bool {
    let touches = |step: &Step| match step {
        Step::Rebuild(_) => true,
        Step::Schema { sql, .. } => sql.starts_with("DROP TABLE"),
        _ => false,
    };
    db.backend() == Backend::Sqlite && planned.iter().any(|planned| touches(&planned.step))
}

/// How many rows refer to rows that are not there.
pub(super) async fn violations(db: &Db) -> Result<usize> {
    Ok(db.fetch("SELECT 1 FROM pragma_foreign_key_check".into()).await?.len())
}

/// Makes a table anew: no row of it or of a table that refers to it is lost, and what others have
/// put on it (indexes, triggers) comes back.
pub(super) async fn rebuild(db: &Db, rebuild: &Rebuild) -> Result<()> {
    refuse_unknown_columns(db, rebuild).await?;
    let before = counts(db, &rebuild.table).await?;
    let others = others(db, rebuild).await?;
    // Views and triggers that name the table must not be looked at while it is away.
    db.execute_script("PRAGMA legacy_alter_table = ON").await?;
    let statements = rebuild.statements.iter().chain(&others);
    for sql in statements {
        db.execute_script(sql.clone())
            .await
            .map_err(|error| error.context(format!("the statement {sql:?} failed")))?;
    }
    db.execute_script("PRAGMA legacy_alter_table = OFF").await?;
    let after = counts(db, &rebuild.table).await?;
    if before != after {
        return Err(Error::other(format!(
            "making `{}` anew would lose rows (before: {before:?}, after: {after:?}); nothing was changed",
            rebuild.table
        )));
    }
    Ok(())
}

/// The new table has the columns that the migrations know, and nothing else would be copied.
async fn refuse_unknown_columns(db: &Db, rebuild: &Rebuild) -> Result<()> {
    // The hidden ones too: a generated column is one that a model may not know.
    let sql =
        Statement::new("SELECT name FROM pragma_table_xinfo(?)", vec![Value::Text(rebuild.table.clone())]);
    let known = |name: &str| rebuild.known_columns.iter().any(|known| known.eq_ignore_ascii_case(name));
    for row in db.fetch(sql).await? {
        let name = row.text(0)?.unwrap_or_default();
        if !known(&name) {
            return Err(Error::other(format!(
                "SQLite changes `{table}` by making it anew, and would lose its column `{name}`, which no migration \
                 knows: give the model a field for it, or drop the column; nothing was changed",
                table = rebuild.table
            )));
        }
    }
    Ok(())
}

/// How many rows the table has, and every table that refers to it.
async fn counts(db: &Db, table: &str) -> Result<BTreeMap<String, i64>> {
    const REFERRING: &str = "SELECT DISTINCT m.name FROM sqlite_master m, pragma_foreign_key_list(m.name) k \
                             WHERE m.type = 'table' AND lower(k.\"table\") = lower(?)";
    let mut counts = BTreeMap::new();
    let rows = db.fetch(Statement::new(REFERRING, vec![Value::Text(table.to_owned())])).await?;
    let referring =
        rows.iter().map(|row| Ok(row.text(0)?.unwrap_or_default())).collect::<Result<Vec<_>>>()?;
    for name in referring.into_iter().chain([table.to_owned()]) {
        let sql = format!("SELECT count(*) FROM {}", quote_identifier(Backend::Sqlite, &name)?);
        let row = db.fetch_optional(sql.into()).await?;
        counts.insert(name, row.map(|row| row.i64(0)).transpose()?.flatten().unwrap_or(0));
    }
    Ok(counts)
}

/// The statements of indexes and triggers that no model knows of.
async fn others(db: &Db, rebuild: &Rebuild) -> Result<Vec<String>> {
    const SQL: &str = "SELECT name, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL \
                       AND type IN ('index', 'trigger') ORDER BY type, name";
    let rows = db.fetch(Statement::new(SQL, vec![Value::Text(rebuild.table.clone())])).await?;
    let mut others = Vec::new();
    for row in rows {
        let (name, sql) = (row.text(0)?.unwrap_or_default(), row.text(1)?.unwrap_or_default());
        if !rebuild.known_indexes.contains(&name) {
            others.push(sql);
        }
    }
    Ok(others)
}
