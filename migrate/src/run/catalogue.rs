//! Asks the catalogue whether a step has run.

use nuages::backend::{Statement, quote_identifier};
use nuages::value::Value;
use nuages::{Db, Result};
use nuages_schema::Backend;

use crate::editor::{Shows, Step};
use crate::introspect::{introspect, is_there};
use crate::table::Table;

/// Whether a step that commits by itself has run, as far as the catalogue can tell.
pub(super) async fn has_run(db: &Db, step: &Step) -> Result<bool> {
    match step {
        Step::Schema { shows: Some(shows), .. } => is_shown(db, shows).await,
        Step::Concurrently { index, there, .. } => Ok(match is_valid(db, index).await? {
            Some(valid) => *there && valid,
            None => !*there,
        }),
        _ => Ok(false),
    }
}

/// Takes away an index that was left half built when its build was killed or refused.
pub(super) async fn drop_invalid(db: &Db, index: &str) -> Result<()> {
    if is_valid(db, index).await? == Some(false) {
        let name = quote_identifier(Backend::Postgres, index)?;
        db.execute_script(format!("DROP INDEX CONCURRENTLY {name}")).await?;
    }
    Ok(())
}

/// Whether an index of PostgreSQL is whole; nothing if there is none.
async fn is_valid(db: &Db, index: &str) -> Result<Option<bool>> {
    let sql = "SELECT i.indisvalid::int::bigint FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
               WHERE c.relname = $1 AND c.relnamespace = current_schema()::regnamespace";
    let row = db.fetch_optional(Statement::new(sql, vec![Value::Text(index.to_owned())])).await?;
    Ok(row.map(|row| row.i64(0)).transpose()?.flatten().map(|valid| valid == 1))
}

async fn is_shown(db: &Db, shows: &Shows) -> Result<bool> {
    if let Shows::Table(name, there) = shows {
        return Ok(is_there(db, name).await? == *there);
    }
    let tables = introspect(db).await?;
    let table = |name: &str| tables.get(name);
    Ok(match shows {
        Shows::Table(name, there) => table(name).is_some() == *there,
        Shows::Column(of, name, there) => {
            table(of).is_some_and(|table| table.column(name).is_some() == *there)
        }
        Shows::Shape(of, shape) => {
            let shown = table(of).and_then(|table| table.column(&shape.name));
            shown.is_some_and(|shown| shown.clone().comparable() == shape.clone().comparable())
        }
        Shows::Index(of, name, there) => table(of).is_some_and(|table| has_index(table, name) == *there),
        Shows::Constraint(of, name, there) => {
            table(of).is_some_and(|table| has_constraint(table, name) == *there)
        }
    })
}

fn has_index(table: &Table, name: &str) -> bool {
    table.indexes.iter().any(|index| index.name == name)
        || table.uniques.iter().any(|unique| unique.name == name)
}

fn has_constraint(table: &Table, name: &str) -> bool {
    table.foreign_keys.iter().any(|key| key.name == name)
        || table.checks.iter().any(|check| check.name == name)
}
