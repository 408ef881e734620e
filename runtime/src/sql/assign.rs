//! The values that an UPDATE of a query sets: computed from the rows as they were before it, on every database.

use nuages_schema::{Backend, ModelSchema};

use super::walk::{collect, has_aggregate};
use super::{Writer, select};
use crate::error::Result;
use crate::expr::Expr;
use crate::query::{Part, Select};

/// A column by position, and what it is set to.
pub(super) type Assignment = (usize, Expr);

/// The assignments in an order in which each reads its columns before they are set, as MySQL works from left to
/// right and reads what it has set. None where there is no such order, as in a swap.
pub(super) fn in_reading_order<'a>(
    model: &'static ModelSchema,
    assignments: &'a [Assignment],
) -> Option<Vec<&'a Assignment>> {
    let mut left: Vec<&Assignment> = assignments.iter().collect();
    let mut sorted = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let is_read =
            |index: usize| left.iter().any(|(other, value)| *other != index && reads(model, value, index));
        let next = left.iter().position(|(index, _)| !is_read(*index))?;
        sorted.push(left.remove(next));
    }
    Some(sorted)
}

/// Whether a value depends on a column of the row that is changed; a subquery may, so it is taken to.
fn reads(model: &'static ModelSchema, value: &Expr, index: usize) -> bool {
    let mut columns = Vec::new();
    collect(value, &mut columns);
    has_aggregate(value)
        || columns.iter().any(|column| match column.hops {
            None => column.index == index && (column.model)() == model,
            // The key it begins at is a column of this row.
            Some(_) => true,
        })
}

/// Writes MySQL's UPDATE with the new values computed in a table of their own.
///
/// `UPDATE t JOIN (SELECT key AS c0, … AS c1 FROM t WHERE … LIMIT all) AS computed ON … SET t.a = computed.c1`.
/// The limit keeps the server from merging the inner table into the outer one.
pub(super) fn update_computed(writer: &mut Writer, query: &Select, assignments: &[Assignment]) -> Result<()> {
    let table = query.model.table.as_str();
    let mut computed = query.clone().only_key();
    computed.parts.extend(assignments.iter().map(|(_, value)| Part::Value(value.clone())));
    computed.limit = computed.limit.or(Some(u64::MAX));
    if !query.is_sliced() {
        computed.order = Some(Vec::new());
    }
    writer.push("UPDATE ");
    writer.name(table)?;
    writer.push(" JOIN (");
    select::write_named(writer, &computed)?;
    writer.push(") AS computed");
    let key = query.model.key_columns();
    for (at, index) in key.iter().enumerate() {
        writer.push(if at > 0 { " AND " } else { " ON " });
        writer.name(table)?;
        writer.push(".");
        writer.name(query.model.fields[*index].column)?;
        writer.push(&format!(" = computed.c{at}"));
    }
    writer.push(" SET ");
    for (at, (index, _)) in assignments.iter().enumerate() {
        writer.push(if at > 0 { ", " } else { "" });
        writer.name(table)?;
        writer.push(".");
        writer.name(query.model.fields[*index].column)?;
        writer.push(&format!(" = computed.c{}", at + key.len()));
    }
    Ok(())
}

/// Writes the value that a column is set to.
pub(super) fn assigned(writer: &mut Writer, model: &ModelSchema, index: usize, value: &Expr) -> Result<()> {
    let field = &model.fields[index];
    let computed = !matches!(value, Expr::Value(_) | Expr::Column(_));
    match field.options.decimal_places {
        Some(places) if computed && writer.backend == Backend::Sqlite => {
            super::decimal::stored(writer, value, u32::from(places))
        }
        _ => writer.expr(value),
    }
}
