//! What a SELECT reads: its parts, and what is needed to put them together and in order.

use super::Writer;
use crate::error::Result;
use crate::expr::Expr;
use crate::field::ColumnRef;
use crate::query::{OrderTerm, Part, Select};

/// Writes what stands between SELECT and FROM. `named`: as `c0`, `c1`, ….
pub(super) fn columns(writer: &mut Writer, query: &Select, named: bool) -> Result<()> {
    let mut list = ColumnList { written: 0, named };
    for part in &query.parts {
        match part {
            Part::Model(hops, model) => {
                let alias = writer.alias_of(*hops);
                for field in model.fields {
                    list.add(writer, |w| w.aliased(alias, field.column))?;
                }
            }
            Part::Key(_) => list.add_parts(writer, query.key_column())?,
            Part::Value(value) => list.add(writer, |w| super::decimal::read(w, value))?,
            Part::Prefetch(_) => {}
        }
    }
    for prefetch in query.prefetches() {
        list.add_parts(writer, prefetch.key())?;
    }
    if let Some(owner) = &query.owner {
        list.add_parts(writer, owner.column)?;
    }
    for expr in &query.behind {
        list.add(writer, |w| w.expr(expr))?;
    }
    if query.distinct {
        for term in hidden(query) {
            list.add(writer, |w| w.expr(&term.expr))?;
        }
    }
    Ok(())
}

/// What stands between SELECT and FROM.
struct ColumnList {
    written: usize,
    named: bool,
}

impl ColumnList {
    fn add(&mut self, writer: &mut Writer, column: impl FnOnce(&mut Writer) -> Result<()>) -> Result<()> {
        if self.written > 0 {
            writer.push(", ");
        }
        column(writer)?;
        if self.named {
            writer.push(&format!(" AS c{}", self.written));
        }
        self.written += 1;
        Ok(())
    }

    fn add_parts(&mut self, writer: &mut Writer, column: ColumnRef) -> Result<()> {
        column.parts().try_for_each(|part| self.add(writer, |w| w.column(part)))
    }
}

/// What DISTINCT rows are ordered by without being read: it is read too, as in Django, or the order would not
/// be one of the rows.
pub(super) fn hidden(query: &Select) -> impl Iterator<Item = &OrderTerm> {
    let terms = query.order.as_deref().unwrap_or_default();
    terms.iter().filter(|term| !is_read(query, &term.expr))
}

/// Whether an expression is among the columns that the query reads anyway.
pub(super) fn is_read(query: &Select, expr: &Expr) -> bool {
    let Expr::Column(column) = expr else {
        return query.parts.iter().any(|part| matches!(part, Part::Value(value) if value == expr));
    };
    query.parts.iter().any(|part| match part {
        Part::Model(hops, model) => column.hops == *hops && (column.model)() == *model,
        Part::Key(_) => query.key_column().parts().any(|part| part == *column),
        Part::Value(Expr::Column(read)) => read == column,
        Part::Value(_) | Part::Prefetch(_) => false,
    })
}
