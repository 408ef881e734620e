//! The catalogue of MySQL and MariaDB, for the current database.

use std::collections::BTreeMap;

use nuages::backend::Row;
use nuages::{Db, Result};

use super::{Found, foreign_key, text, truth};
use crate::table::{Check, Column, Expression, Index, Table, Unique};

const COLUMNS: &str = "\
    SELECT CAST(c.table_name AS CHAR), CAST(c.column_name AS CHAR), CAST(c.column_type AS CHAR), \
        CAST(c.is_nullable = 'YES' AS SIGNED), CAST(c.extra LIKE '%auto_increment%' AS SIGNED), \
        CAST(c.column_key = 'PRI' AS SIGNED), CAST(COALESCE(c.column_default, '') AS CHAR), \
        CAST(COALESCE(c.generation_expression, '') AS CHAR), CAST(c.extra LIKE '%STORED GENERATED%' AS SIGNED), \
        CAST(IF(COALESCE(c.collation_name, '') = COALESCE(t.table_collation, ''), '', COALESCE(c.collation_name, '')) AS CHAR) \
    FROM information_schema.columns c JOIN information_schema.tables t \
        ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
    WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position";

const FOREIGN_KEYS: &str = "\
    SELECT CAST(k.table_name AS CHAR), CAST(k.constraint_name AS CHAR), CAST(k.column_name AS CHAR), \
        CAST(k.referenced_table_name AS CHAR), CAST(k.referenced_column_name AS CHAR), CAST(r.delete_rule AS CHAR) \
    FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r \
        ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name \
        AND r.table_name = k.table_name \
    WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL ORDER BY k.constraint_name";

const CHECKS: &str = "\
    SELECT CAST(table_name AS CHAR), CAST(constraint_name AS CHAR) FROM information_schema.table_constraints \
    WHERE table_schema = DATABASE() AND constraint_type = 'CHECK' ORDER BY constraint_name";

/// MariaDB has no index over an expression, and no column that says which.
fn indexes(mariadb: bool) -> String {
    let expression = if mariadb { "''" } else { "CAST(COALESCE(expression, '') AS CHAR)" };
    format!(
        "SELECT CAST(table_name AS CHAR), CAST(index_name AS CHAR), CAST(non_unique = 0 AS SIGNED), \
            CAST(COALESCE(column_name, '') AS CHAR), CAST(COALESCE(collation, 'A') = 'D' AS SIGNED), {expression} \
        FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name <> 'PRIMARY' \
        ORDER BY table_name, index_name, seq_in_index"
    )
}

pub(super) async fn tables(db: &Db) -> Result<BTreeMap<String, Table>> {
    let mut found = Found::default();
    for row in db.fetch(COLUMNS.into()).await? {
        let (name, sql_type) = (text(&row, 1)?, plain_type(&text(&row, 2)?));
        // MariaDB writes NULL in words where a nullable column has no default.
        let default = Some(text(&row, 6)?).filter(|sql| !sql.is_empty() && sql != "NULL").map(Expression);
        let generated = Some(text(&row, 7)?).filter(|sql| !sql.is_empty()).map(Expression);
        let (kept, nullable) = (truth(&row, 8)?, truth(&row, 3)? || generated.is_some());
        let generated = generated.map(|sql| (sql, kept));
        let collation = Some(text(&row, 9)?).filter(|name| !name.is_empty());
        let column =
            Column { name, sql_type, nullable, auto: truth(&row, 4)?, default, generated, collation };
        let table = found.table(text(&row, 0)?);
        if truth(&row, 5)? {
            table.key.push(column.name.clone());
        }
        table.columns.push(column);
    }
    for row in db.fetch(FOREIGN_KEYS.into()).await? {
        if let Some(table) = found.known(&text(&row, 0)?) {
            table.foreign_keys.push(foreign_key(&row, 1)?);
        }
    }
    for row in db.fetch(CHECKS.into()).await? {
        let name = text(&row, 1)?;
        if let Some(table) = found.known(&text(&row, 0)?) {
            check(table, name);
        }
    }
    for row in db.fetch(indexes(db.capabilities().mariadb).into()).await? {
        if let Some(table) = found.known(&text(&row, 0)?) {
            index_column(table, &row)?;
        }
    }
    Ok(found.0)
}

/// MariaDB keeps JSON as long text with a check that has the column's name.
fn check(table: &mut Table, name: String) {
    match table.columns.iter_mut().find(|column| column.name == name && column.sql_type == "longtext") {
        Some(column) => {
            "json".clone_into(&mut column.sql_type);
            column.collation = None;
        }
        None => table.checks.push(Check { name, sql: String::new() }),
    }
}

/// MariaDB shows display widths, which mean nothing but for `tinyint(1)`.
fn plain_type(shown: &str) -> String {
    let shown = shown.to_lowercase();
    let Some((word, rest)) = shown.split_once('(') else { return shown };
    let is_integer = ["smallint", "mediumint", "int", "bigint"].contains(&word);
    match rest.split_once(')') {
        Some((_, rest)) if is_integer => format!("{word}{rest}"),
        _ => shown,
    }
}

fn index_column(table: &mut Table, row: &Row) -> Result<()> {
    let (name, unique, descending) = (text(row, 1)?, truth(row, 2)?, truth(row, 4)?);
    let term = super::term(text(row, 3)?, || Ok(text(row, 5)?.replace('`', "\"")))?;
    if unique {
        match table.uniques.iter_mut().find(|known| known.name == name) {
            Some(known) => known.terms.push(term),
            None => table.uniques.push(Unique { name, terms: vec![term], ..Unique::default() }),
        }
        return Ok(());
    }
    match table.indexes.iter_mut().find(|known| known.name == name) {
        Some(known) => known.terms.push((term, descending)),
        None => table.indexes.push(Index { name, terms: vec![(term, descending)], ..Index::default() }),
    }
    Ok(())
}
