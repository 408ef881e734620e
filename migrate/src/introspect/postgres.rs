//! PostgreSQL's catalogue, for the current schema.

use std::collections::BTreeMap;

use nuages::backend::Row;
use nuages::{Db, Result};
use nuages_schema::Deferrable;

use super::{Found, foreign_key, text, truth};
use crate::table::{Check, Column, Condition, Expression, Index, Table, Unique};

const COLUMNS: &str = "\
    SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), \
        (NOT a.attnotnull)::int::bigint, \
        (a.attidentity <> '' OR COALESCE(pg_get_expr(d.adbin, d.adrelid), '') LIKE 'nextval(%')::int::bigint, \
        EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey))::int::bigint, \
        COALESCE(pg_get_expr(d.adbin, d.adrelid), ''), a.attgenerated::text, \
        CASE WHEN a.attcollation <> t.typcollation THEN COALESCE(o.collname::text, '') ELSE '' END \
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid \
    LEFT JOIN pg_collation o ON o.oid = a.attcollation \
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') \
        AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum";

const FOREIGN_KEYS: &str = "\
    SELECT c.relname::text, k.conname::text, a.attname::text, t.relname::text, b.attname::text, k.confdeltype::text \
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid \
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1] \
    JOIN pg_attribute b ON b.attrelid = t.oid AND b.attnum = k.confkey[1] \
    WHERE k.contype = 'f' AND c.relnamespace = current_schema()::regnamespace ORDER BY k.conname";

const CHECKS: &str = "\
    SELECT c.relname::text, k.conname::text FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid \
    WHERE k.contype = 'c' AND c.relnamespace = current_schema()::regnamespace ORDER BY k.conname";

/// One row per column of an index: table, index, whether it is unique, column, descending, whether the column is kept
/// beside, whether NULL is NULL, whether the constraint can wait and till the end, the condition, what is computed
/// where there is no column. What was left half built is no index.
const INDEXES: &str = "\
    SELECT c.relname::text, n.relname::text, i.indisunique::int::bigint, COALESCE(a.attname::text, ''), \
        (CASE WHEN s.at < i.indnkeyatts THEN i.indoption[s.at] & 1 ELSE 0 END)::bigint, \
        (s.at >= i.indnkeyatts)::int::bigint, \
        (pg_get_indexdef(i.indexrelid) LIKE '% NULLS NOT DISTINCT%')::int::bigint, \
        COALESCE(k.condeferrable, false)::int::bigint, COALESCE(k.condeferred, false)::int::bigint, \
        COALESCE(pg_get_expr(i.indpred, i.indrelid), ''), \
        CASE WHEN a.attname IS NULL THEN pg_get_indexdef(i.indexrelid, s.at + 1, false) ELSE '' END \
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class n ON n.oid = i.indexrelid \
    CROSS JOIN LATERAL generate_series(0, i.indnatts - 1) AS s(at) \
    LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype = 'u' \
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[s.at] AND a.attnum > 0 \
    WHERE c.relnamespace = current_schema()::regnamespace AND NOT i.indisprimary \
        AND i.indisvalid ORDER BY n.relname, s.at";

pub(super) async fn tables(db: &Db) -> Result<BTreeMap<String, Table>> {
    let mut found = Found::default();
    for row in db.fetch(COLUMNS.into()).await? {
        let (auto, made, generated) = (truth(&row, 4)?, text(&row, 6)?, text(&row, 7)?);
        let made = Some(made).filter(|made| !made.is_empty() && !auto).map(Expression);
        let (default, generated) = match generated.as_str() {
            "" => (made, None),
            kept => (None, made.map(|made| (made, kept == "s"))),
        };
        let column = Column {
            name: text(&row, 1)?,
            sql_type: text(&row, 2)?,
            nullable: truth(&row, 3)?,
            auto,
            default,
            generated,
            collation: Some(text(&row, 8)?).filter(|name| !name.is_empty()),
        };
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
        if let Some(table) = found.known(&text(&row, 0)?) {
            table.checks.push(Check { name: text(&row, 1)?, sql: String::new() });
        }
    }
    for row in db.fetch(INDEXES.into()).await? {
        if let Some(table) = found.known(&text(&row, 0)?) {
            index_column(table, &row)?;
        }
    }
    Ok(found.0)
}

fn index_column(table: &mut Table, row: &Row) -> Result<()> {
    let (name, unique, descending) = (text(row, 1)?, truth(row, 2)?, truth(row, 4)?);
    let term = super::term(text(row, 3)?, || text(row, 10))?;
    let (beside, condition) = (truth(row, 5)?, text(row, 9)?);
    let condition = Some(Condition(condition)).filter(|condition| !condition.0.is_empty());
    if unique {
        let known = match table.uniques.iter().position(|known| known.name == name) {
            Some(at) => &mut table.uniques[at],
            None => {
                let (nulls_equal, deferrable) = (truth(row, 6)?, deferrable(row)?);
                table.uniques.push(Unique { name, condition, nulls_equal, deferrable, ..Unique::default() });
                let last = table.uniques.len() - 1;
                &mut table.uniques[last]
            }
        };
        if beside {
            known.include.push(term.to_string())
        } else {
            known.terms.push(term)
        }
        return Ok(());
    }
    let known = match table.indexes.iter().position(|known| known.name == name) {
        Some(at) => &mut table.indexes[at],
        None => {
            table.indexes.push(Index { name, condition, ..Index::default() });
            let last = table.indexes.len() - 1;
            &mut table.indexes[last]
        }
    };
    if beside {
        known.include.push(term.to_string())
    } else {
        known.terms.push((term, descending))
    }
    Ok(())
}

fn deferrable(row: &Row) -> Result<Option<Deferrable>> {
    Ok(match (truth(row, 7)?, truth(row, 8)?) {
        (true, true) => Some(Deferrable::Deferred),
        (true, false) => Some(Deferrable::Immediate),
        _ => None,
    })
}
