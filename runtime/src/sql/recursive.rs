//! Recursive common table expressions: what a relation of a model to itself leads to.

use super::Writer;
use super::names::through;
use super::select::write_named;
use crate::error::Result;
use crate::expr::Expr;
use crate::path::{Hop, HopKind};
use crate::query::Select;

/// Writes `key IN (WITH RECURSIVE reached (k) AS (the start UNION a step further) SELECT k FROM reached)`.
///
/// UNION leaves out what was reached before, so a circle comes to an end.
pub(super) fn reached(writer: &mut Writer, key: &Expr, start: &Select, hop: &'static Hop) -> Result<()> {
    let mut start = start.clone();
    if !start.is_sliced() {
        start.order = Some(Vec::new());
    }
    writer.expr(key)?;
    writer.push(" IN (WITH RECURSIVE reached (k) AS (SELECT c0 FROM (");
    write_named(writer, &start)?;
    writer.push(") AS start UNION SELECT ");
    step(writer, hop)?;
    writer.push(") SELECT k FROM reached)");
    Ok(())
}

fn step(writer: &mut Writer, hop: &'static Hop) -> Result<()> {
    let model = (hop.model)();
    let (table, from, to) = match hop.kind {
        HopKind::Reverse | HopKind::ReverseOne => {
            (model.table.as_str().to_owned(), model.fields[hop.index].column, model.key_field().column)
        }
        HopKind::Forward => {
            (model.table.as_str().to_owned(), model.key_field().column, model.fields[hop.index].column)
        }
        HopKind::ManyToMany | HopKind::ManyToManyReverse => {
            let joined = through(model, hop.index).directed(hop.kind == HopKind::ManyToManyReverse);
            return join(writer, &joined.table, &joined.from, &joined.to);
        }
    };
    join(writer, &table, from, to)
}

fn join(writer: &mut Writer, table: &str, from: &str, to: &str) -> Result<()> {
    writer.push("n.");
    writer.name(to)?;
    writer.push(" FROM reached JOIN ");
    writer.name(table)?;
    writer.push(" n ON n.");
    writer.name(from)?;
    writer.push(" = reached.k");
    Ok(())
}
