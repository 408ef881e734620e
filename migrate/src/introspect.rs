//! Reads the tables of a live database from its catalogue, into the type that states come to.

mod create_sql;
mod mysql;
mod postgres;
mod sqlite;

use std::collections::BTreeMap;

use nuages::backend::{Row, Statement};
use nuages::value::Value;
use nuages::{Db, Error, Result};
use nuages_schema::Backend;

use crate::table::{Action, ForeignKey, Table, Term};

/// All tables of the database (on PostgreSQL: of the current schema) by name.
///
/// # Errors
/// When the catalogue cannot be read.
pub async fn introspect(db: &Db) -> Result<BTreeMap<String, Table>> {
    match db.backend() {
        Backend::Sqlite => sqlite::tables(db).await,
        Backend::Postgres => postgres::tables(db).await,
        Backend::Mysql => mysql::tables(db).await,
    }
}

/// The columns of each table's primary key, in order; a table without one is left out.
///
/// # Errors
/// When the catalogue cannot be read.
pub async fn primary_keys(db: &Db) -> Result<BTreeMap<String, Vec<String>>> {
    let sql = match db.backend() {
        Backend::Sqlite => {
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND c.pk > 0 ORDER BY m.name, c.pk"
        }
        Backend::Postgres => {
            "SELECT c.relname::text, a.attname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
             CROSS JOIN LATERAL generate_series(0, i.indnkeyatts - 1) AS s(at) \
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[s.at] \
             WHERE i.indisprimary AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname, s.at"
        }
        Backend::Mysql => {
            "SELECT CAST(table_name AS CHAR), CAST(column_name AS CHAR) FROM information_schema.statistics \
             WHERE table_schema = DATABASE() AND index_name = 'PRIMARY' ORDER BY table_name, seq_in_index"
        }
    };
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in db.fetch(sql.into()).await? {
        keys.entry(text(&row, 0)?).or_default().push(text(&row, 1)?);
    }
    Ok(keys)
}

/// The conditions of checks in the database's own words, by table and name. SQLite's are in its tables.
///
/// # Errors
/// When the catalogue cannot be read.
pub async fn check_clauses(db: &Db) -> Result<BTreeMap<(String, String), String>> {
    let sql = match db.backend() {
        Backend::Sqlite => {
            let tables = sqlite::tables(db).await?.into_values();
            let checks = |table: Table| {
                let name = table.name;
                table.checks.into_iter().map(move |check| ((name.clone(), check.name), check.sql))
            };
            return Ok(tables.flat_map(checks).collect());
        }
        Backend::Postgres => {
            "SELECT c.relname::text, k.conname::text, pg_get_expr(k.conbin, k.conrelid) FROM pg_constraint k \
             JOIN pg_class c ON c.oid = k.conrelid \
             WHERE k.contype = 'c' AND c.relnamespace = current_schema()::regnamespace"
        }
        // MariaDB knows checks by table and name, MySQL by name.
        Backend::Mysql if db.capabilities().mariadb => {
            "SELECT CAST(table_name AS CHAR), CAST(constraint_name AS CHAR), CAST(check_clause AS CHAR) \
             FROM information_schema.check_constraints WHERE constraint_schema = DATABASE()"
        }
        Backend::Mysql => {
            "SELECT CAST(t.table_name AS CHAR), CAST(t.constraint_name AS CHAR), CAST(c.check_clause AS CHAR) \
             FROM information_schema.table_constraints t JOIN information_schema.check_constraints c \
             ON c.constraint_schema = t.constraint_schema AND c.constraint_name = t.constraint_name \
             WHERE t.constraint_schema = DATABASE() AND t.constraint_type = 'CHECK'"
        }
    };
    let rows = db.fetch(sql.into()).await?;
    rows.iter().map(|row| Ok(((text(row, 0)?, text(row, 1)?), text(row, 2)?.replace('`', "\"")))).collect()
}

/// Whether there is a table of this name.
pub(crate) async fn is_there(db: &Db, table: &str) -> Result<bool> {
    let sql = match db.backend() {
        Backend::Sqlite => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?",
        Backend::Postgres => {
            "SELECT 1::bigint FROM pg_class WHERE relnamespace = current_schema()::regnamespace \
             AND relkind IN ('r', 'p') AND relname = $1"
        }
        Backend::Mysql => {
            "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?"
        }
    };
    Ok(!db.fetch(named(sql, table)).await?.is_empty())
}

/// A column of an index by its name, or what is computed where there is none.
fn term(column: String, computed: impl FnOnce() -> Result<String>) -> Result<Term> {
    if column.is_empty() { computed().map(Term::Computed) } else { Ok(Term::Column(column)) }
}

/// The names of the tables of MySQL or MariaDB.
pub(crate) async fn table_names(db: &Db) -> Result<Vec<String>> {
    let sql =
        "SELECT CAST(table_name AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE()";
    db.fetch(sql.into()).await?.iter().map(|row| text(row, 0)).collect()
}

/// Tables by name, while rows of the catalogue come in.
#[derive(Default)]
struct Found(BTreeMap<String, Table>);

impl Found {
    fn table(&mut self, name: String) -> &mut Table {
        self.0.entry(name).or_insert_with_key(|name| Table::new(name))
    }

    /// The table, if it is one of those that were found already.
    fn known(&mut self, name: &str) -> Option<&mut Table> {
        self.0.get_mut(name)
    }
}

/// A text that the catalogue always has.
fn text(row: &Row, at: usize) -> Result<String> {
    row.text(at)?.ok_or_else(|| Error::other("the catalogue gave NULL where a name belongs"))
}

fn truth(row: &Row, at: usize) -> Result<bool> {
    Ok(row.i64(at)?.unwrap_or(0) != 0)
}

fn named(sql: &'static str, name: &str) -> Statement {
    Statement::new(sql, vec![Value::Text(name.to_owned())])
}

fn action(word: &str) -> Action {
    match word {
        "CASCADE" | "c" => Action::Cascade,
        "SET NULL" | "n" => Action::SetNull,
        "SET DEFAULT" | "d" => Action::SetDefault,
        _ => Action::Nothing,
    }
}

/// name, column, table, to_column, rule from `at` on
fn foreign_key(row: &Row, at: usize) -> Result<ForeignKey> {
    Ok(ForeignKey {
        name: text(row, at)?,
        column: text(row, at + 1)?,
        table: text(row, at + 2)?,
        to_column: text(row, at + 3)?,
        on_delete: action(&text(row, at + 4)?),
    })
}
