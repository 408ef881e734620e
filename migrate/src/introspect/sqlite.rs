//! SQLite's catalogue: the pragmas, and the text of CREATE TABLE for what they leave out.

use std::collections::BTreeMap;

use nuages::{Db, Result};

use super::create_sql::{Constraint, collations, constraints, index_terms};
use super::{action, named, text, truth};
use crate::table::{Check, Column, Condition, Expression, ForeignKey, Index, Table, Unique};

const TABLES: &str =
    "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

pub(super) async fn tables(db: &Db) -> Result<BTreeMap<String, Table>> {
    let mut tables = BTreeMap::new();
    for row in db.fetch(TABLES.into()).await? {
        let (name, sql) = (text(&row, 0)?, text(&row, 1)?);
        tables.insert(name.clone(), table(db, name, &sql).await?);
    }
    Ok(tables)
}

async fn table(db: &Db, name: String, sql: &str) -> Result<Table> {
    let mut table = Table::new(&name);
    columns(db, &mut table, sql).await?;
    let named = constraints(sql);
    foreign_keys(db, &mut table, &named).await?;
    indexes(db, &mut table).await?;
    table.checks = named
        .into_iter()
        .filter_map(|one| match one {
            Constraint::Check(name, sql) => Some(Check { name, sql }),
            Constraint::ForeignKey(..) => None,
        })
        .collect();
    Ok(table)
}

async fn columns(db: &Db, table: &mut Table, sql: &str) -> Result<()> {
    const SQL: &str =
        "SELECT name, type, \"notnull\", pk, COALESCE(dflt_value, ''), hidden FROM pragma_table_xinfo(?)";
    let auto = sql.to_uppercase().contains("AUTOINCREMENT");
    let collations = collations(sql);
    for row in db.fetch(named(SQL, &table.name)).await? {
        let (name, key) = (text(&row, 0)?, truth(&row, 3)?);
        let default = Some(text(&row, 4)?).filter(|sql| !sql.is_empty()).map(Expression);
        // The pragma tells that a column is computed, 2 when read and 3 when written, and its type with words behind.
        let generated = match row.i64(5)?.unwrap_or_default() {
            2 => Some((Expression::default(), false)),
            3 => Some((Expression::default(), true)),
            _ => None,
        };
        let sql_type = text(&row, 1)?.to_lowercase();
        let column = Column {
            name: name.clone(),
            sql_type: sql_type.trim_end_matches(" generated always").to_owned(),
            nullable: !truth(&row, 2)?,
            auto: key && auto,
            default,
            generated,
            collation: collations.get(&name).cloned(),
        };
        table.columns.push(column);
        if key {
            table.key.push(name);
        }
    }
    Ok(())
}

async fn foreign_keys(db: &Db, table: &mut Table, names: &[Constraint]) -> Result<()> {
    const SQL: &str =
        "SELECT \"from\", \"table\", \"to\", on_delete FROM pragma_foreign_key_list(?) ORDER BY id DESC, seq";
    for row in db.fetch(named(SQL, &table.name)).await? {
        let column = text(&row, 0)?;
        let name = names.iter().find_map(|one| match one {
            Constraint::ForeignKey(name, of) if *of == column => Some(name.clone()),
            _ => None,
        });
        table.foreign_keys.push(ForeignKey {
            name: name.unwrap_or_default(),
            column,
            table: text(&row, 1)?,
            to_column: row.text(2)?.unwrap_or_default(),
            on_delete: action(&text(&row, 3)?),
        });
    }
    Ok(())
}

async fn indexes(db: &Db, table: &mut Table) -> Result<()> {
    const LIST: &str = "SELECT l.name, l.\"unique\", l.origin, COALESCE(m.sql, '') FROM pragma_index_list(?) l \
        LEFT JOIN sqlite_master m ON m.type = 'index' AND m.name = l.name ORDER BY l.seq DESC";
    const COLUMNS: &str = "SELECT name, \"desc\" FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno";
    for row in db.fetch(named(LIST, &table.name)).await? {
        let (name, unique, origin) = (text(&row, 0)?, truth(&row, 1)?, text(&row, 2)?);
        let sql = text(&row, 3)?;
        let (condition, written) = (condition(&sql), index_terms(&sql));
        let mut terms = Vec::new();
        for (at, row) in db.fetch(named(COLUMNS, &name)).await?.iter().enumerate() {
            let computed = || Ok(written.get(at).cloned().unwrap_or_default());
            terms.push((super::term(row.text(0)?.unwrap_or_default(), computed)?, truth(row, 1)?));
        }
        match (origin.as_str(), unique) {
            ("pk", _) => {}
            (_, true) => {
                let terms = terms.into_iter().map(|(term, _)| term).collect();
                table.uniques.push(Unique { name, terms, condition, ..Unique::default() });
            }
            (_, false) => table.indexes.push(Index { name, terms, condition, ..Index::default() }),
        }
    }
    Ok(())
}

/// What stands behind `WHERE` in the text of a CREATE INDEX; names in quotes do not count.
fn condition(sql: &str) -> Option<Condition> {
    let (mut quote, mut word) = (None, 0);
    for (at, c) in sql.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '`' | '\'') => quote = Some(c),
            (None, c) if c.is_alphanumeric() || c == '_' => continue,
            (None, _) => {
                if sql[word..at].eq_ignore_ascii_case("where") {
                    return Some(Condition(sql[at..].trim().to_owned()));
                }
            }
        }
        word = at + c.len_utf8();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_condition_of_an_index_is_found_outside_of_names() {
        let found = |sql: &str| condition(sql).map(|condition| condition.0);
        assert_eq!(found("CREATE INDEX \"a WHERE b\" ON \"where\" (\"c\")"), None);
        assert_eq!(
            found("CREATE UNIQUE INDEX x ON t (\"c\") where \"c\" > ' WHERE '").as_deref(),
            Some("\"c\" > ' WHERE '")
        );
    }
}
