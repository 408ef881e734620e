//! UPDATE of many rows, each with values of its own.

use nuages_schema::{Backend, ModelSchema};

use super::Writer;
use super::change::storable;
use crate::backend::{Db, Statement};
use crate::error::Result;
use crate::value::Value;

/// A row: its key, and the new values with their positions, which are the same for all rows.
type Changed = (Value, Vec<(usize, Value)>);

/// Writes the same columns of several rows.
///
/// `UPDATE t SET a = v.column2 FROM (VALUES (key, a), …) AS v WHERE t.key = v.column1`; on MySQL
/// `UPDATE t SET a = CASE key WHEN … THEN … END WHERE key IN (…)`.
pub(crate) fn update_each(db: &Db, schema: &'static ModelSchema, rows: &[Changed]) -> Result<Statement> {
    for (_, values) in rows {
        storable(db, schema, values.iter().map(|(index, value)| (*index, value)))?;
    }
    let mut writer = Writer::new(db);
    writer.push("UPDATE ");
    writer.name(schema.table.as_str())?;
    writer.push(" SET ");
    if writer.backend == Backend::Mysql {
        by_case(&mut writer, schema, rows)?
    } else {
        joined(&mut writer, schema, rows)?
    }
    Ok(writer.finish())
}

fn joined(writer: &mut Writer, schema: &'static ModelSchema, rows: &[Changed]) -> Result<()> {
    let Some((_, first)) = rows.first() else { return Ok(()) };
    for (at, (index, _)) in first.iter().enumerate() {
        writer.push(if at > 0 { ", " } else { "" });
        writer.name(schema.fields[*index].column)?;
        writer.push(&format!(" = v.column{}", at + 1 + schema.key_columns().len()));
    }
    writer.push(" FROM (VALUES ");
    for (at, (key, values)) in rows.iter().enumerate() {
        writer.push(if at > 0 { ", " } else { "" });
        writer.value_row(key.parts().iter().chain(values.iter().map(|(_, value)| value)).cloned().collect());
    }
    writer.push(") AS v WHERE ");
    for (at, index) in schema.key_columns().iter().enumerate() {
        writer.push(if at > 0 { " AND " } else { "" });
        writer.name(schema.table.as_str())?;
        writer.push(".");
        writer.name(schema.fields[*index].column)?;
        writer.push(&format!(" = v.column{}", at + 1));
    }
    Ok(())
}

fn by_case(writer: &mut Writer, schema: &'static ModelSchema, rows: &[Changed]) -> Result<()> {
    let width = rows.first().map_or(0, |(_, values)| values.len());
    for column in 0..width {
        writer.push(if column > 0 { ", " } else { "" });
        for (at, (id, values)) in rows.iter().enumerate() {
            let (index, value) = &values[column];
            if at == 0 {
                writer.name(schema.fields[*index].column)?;
                writer.push(" = CASE");
                if !schema.is_composite() {
                    writer.push(" ");
                    writer.name(schema.key_field().column)?;
                }
            }
            writer.push(" WHEN ");
            match id {
                Value::Key(_) => writer.key_is(schema, id)?,
                one => writer.value(one.clone()),
            }
            writer.push(" THEN ");
            writer.value(value.clone());
        }
        writer.push(" END");
    }
    writer.push(" WHERE ");
    writer.key_names(schema)?;
    for (at, (id, _)) in rows.iter().enumerate() {
        writer.push(if at > 0 { ", " } else { " IN (" });
        writer.value(id.clone());
    }
    writer.push(")");
    Ok(())
}
