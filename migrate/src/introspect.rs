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

use crate::table::{Action, ForeignKey, Table};

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
