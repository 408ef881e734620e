//! INSERT of rows that may be there already.

use nuages_schema::{Backend, ModelSchema};

use super::Writer;
use super::change::{insert_head, storable, value_list};
use crate::backend::{Db, Statement};
use crate::error::Result;
use crate::query::Conflict;
use crate::value::Value;

/// Writes several rows with the same columns, and says what happens to those that are there already.
pub(crate) fn insert_or(
    db: &Db,
    schema: &'static ModelSchema,
    columns: &[usize],
    rows: &[Vec<Value>],
    conflict: &Conflict,
) -> Result<Statement> {
    for row in rows {
        storable(db, schema, columns.iter().copied().zip(row))?;
    }
    let mut writer = Writer::new(db);
    insert_head(&mut writer, schema, columns)?;
    writer.push(" VALUES ");
    for (at, row) in rows.iter().enumerate() {
        writer.push(if at > 0 { ", (" } else { "(" });
        value_list(&mut writer, row.iter().cloned());
        writer.push(")");
    }
    match conflict {
        Conflict::Refuse => {}
        Conflict::Ignore => ignore(&mut writer, schema)?,
        Conflict::Update { unique, set } => change(&mut writer, schema, unique, set)?,
    }
    Ok(writer.finish())
}

/// MySQL's INSERT IGNORE would hide every other mistake too, so there a column is set to what it is.
fn ignore(writer: &mut Writer, schema: &ModelSchema) -> Result<()> {
    if writer.backend != Backend::Mysql {
        writer.push(" ON CONFLICT DO NOTHING");
        return Ok(());
    }
    // Any column does, set to what it is.
    let key = schema.fields[schema.key_columns()[0]].column;
    writer.push(" ON DUPLICATE KEY UPDATE ");
    writer.name(key)?;
    writer.push(" = ");
    writer.name(schema.table.as_str())?;
    writer.push(".");
    writer.name(key)
}

fn change(writer: &mut Writer, schema: &ModelSchema, unique: &[usize], set: &[usize]) -> Result<()> {
    let mysql = writer.backend == Backend::Mysql;
    if mysql {
        writer.push(" ON DUPLICATE KEY UPDATE ");
    } else {
        for (at, index) in unique.iter().enumerate() {
            writer.push(if at > 0 { ", " } else { " ON CONFLICT (" });
            writer.name(schema.fields[*index].column)?;
        }
        writer.push(") DO UPDATE SET ");
    }
    for (at, index) in set.iter().enumerate() {
        let column = schema.fields[*index].column;
        writer.push(if at > 0 { ", " } else { "" });
        writer.name(column)?;
        writer.push(if mysql { " = VALUES(" } else { " = EXCLUDED." });
        writer.name(column)?;
        writer.push(if mysql { ")" } else { "" });
    }
    Ok(())
}
