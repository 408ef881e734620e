//! SQLite's table made anew, so that no row is lost: neither here nor in the tables that refer to it.
//!
//! DROP TABLE deletes all rows first, and with foreign keys on, that fires
//! ON DELETE CASCADE and SET NULL in the children. So the executor switches
//! foreign keys off before the transaction begins, and counts the rows of the
//! table and of every child before and after.

use nuages::Result;

use super::{Editor, cast};
use crate::change::{Alteration, Part};
use crate::table::{Column, Table};

/// A table that is made anew.
#[derive(Clone, Debug, PartialEq)]
pub struct Rebuild {
    /// The table's name.
    pub table: String,
    /// The indexes that the statements make; others that are there are kept by the executor.
    pub known_indexes: Vec<String>,
    /// The columns that the migrations know; the executor refuses to lose another one.
    pub known_columns: Vec<String>,
    /// The statements that make it, in order.
    pub statements: Vec<String>,
}

impl Rebuild {
    pub(super) fn new(editor: &Editor, alteration: &Alteration) -> Result<Self> {
        let Alteration { before, after, parts } = alteration;
        let between = format!("nuages_new_{}", after.name).chars().take(60).collect::<String>();
        let (name, new) = (editor.q(&after.name)?, editor.q(&between)?);
        let mut columns = Vec::new();
        let mut values = Vec::new();
        for column in &after.columns {
            if let Some(value) = value(editor, before, column, parts)? {
                columns.push(editor.q(&column.name)?);
                values.push(value);
            }
        }
        let mut statements = vec![
            editor.lite_create(after, &between)?,
            format!("INSERT INTO {new} ({}) SELECT {} FROM {name}", columns.join(", "), values.join(", ")),
        ];
        for part in parts {
            if let Part::AlterColumn(old, column, _) = part
                && after.column(&column.name).is_some()
            {
                statements.extend(cast::sqlite_guard(&new, &editor.q(&column.name)?, old, column));
            }
        }
        if after.columns.iter().any(|column| column.auto) && before.columns.iter().any(|column| column.auto) {
            statements.extend(keep_sequence(&after.name, &between));
        }
        statements.push(format!("DROP TABLE {name}"));
        statements.push(format!("ALTER TABLE {new} RENAME TO {name}"));
        statements.extend(editor.lite_indexes(after)?);
        let names = |table: &Table| {
            let uniques = table.uniques.iter().map(|unique| unique.name.clone());
            uniques.chain(table.indexes.iter().map(|index| index.name.clone())).collect::<Vec<_>>()
        };
        let known_indexes = [names(before), names(after)].concat();
        let known_columns = before.columns.iter().map(|column| column.name.clone()).collect();
        Ok(Self { table: after.name.clone(), known_indexes, known_columns, statements })
    }
}

/// Where a column's values come from; `None` for a new column that starts as NULL.
///
/// A new NOT NULL column without a value is given NULL, which an empty table never sees and any
/// other table refuses.
fn value(editor: &Editor, before: &Table, column: &Column, parts: &[Part]) -> Result<Option<String>> {
    let name = editor.q(&column.name)?;
    let fill = parts.iter().find_map(|part| match part {
        Part::AddColumn(new, fill) | Part::AlterColumn(_, new, fill) if new.name == column.name => {
            fill.as_ref()
        }
        _ => None,
    });
    if column.generated.is_some() {
        return Ok(None);
    }
    // A column that was computed before and is written now starts with what was computed.
    Ok(match (before.column(&column.name), fill) {
        (Some(old), Some(fill)) => {
            Some(format!("COALESCE({}, {})", cast::sqlite(&name, old, column), fill.sql))
        }
        (Some(old), None) => Some(cast::sqlite(&name, old, column)),
        (None, Some(fill)) => Some(fill.sql.clone()),
        (None, None) if column.nullable || column.default.is_some() => None,
        (None, None) => Some("NULL".to_owned()),
    })
}

/// Keys that were given once are never given again, also when the rows that had them are gone.
fn keep_sequence(table: &str, new: &str) -> [String; 2] {
    let quoted = |name: &str| crate::table::quoted(nuages_schema::Backend::Sqlite, name);
    let (table, new) = (quoted(table), quoted(new));
    [
        format!(
            "DELETE FROM sqlite_sequence WHERE name = {new} AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = {table})"
        ),
        format!(
            "INSERT INTO sqlite_sequence (name, seq) SELECT {new}, seq FROM sqlite_sequence WHERE name = {table}"
        ),
    ]
}
