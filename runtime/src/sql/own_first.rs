//! Which table MySQL reads first.
//!
//! A page of a list is the beginning of an order, which an index of the model's own table may hold, and each of
//! its rows looks up a related row or two. MySQL and MariaDB rather read a small related table first, find all
//! rows that belong to it, and sort them: a million rows read for a page of a hundred.

use nuages_schema::Backend;

use super::Writer;
use super::order::order_terms;
use super::walk::{Node, any_column, any_joined};
use crate::expr::{Condition, Expr};
use crate::field::ColumnRef;
use crate::query::{Part, Select};

/// Writes, behind SELECT, that the model's own table is read first.
pub(super) fn ask(writer: &mut Writer, query: &Select) {
    if applies(writer, query) {
        writer.push("STRAIGHT_JOIN ");
        writer.look_up_joined();
    }
}

/// Whether the model's own table tells which rows a page has and in which order, and the joins only add to them.
fn applies(writer: &Writer, query: &Select) -> bool {
    writer.backend == Backend::Mysql
        && query.limit.is_some()
        && !query.distinct
        && !query.grouped
        && reads_joined(query)
        && is_ordered_by_own(query)
        && is_filtered_by_own(query)
}

/// Whether related rows are read, none of them by a to-many relation: that one multiplies the rows.
fn reads_joined(query: &Select) -> bool {
    let mut joined = false;
    for part in &query.parts {
        match part {
            Part::Model(hop, _) => joined |= hop.is_some(),
            Part::Value(value) if any_column(Node::Expr(value), &ColumnRef::is_to_many) => return false,
            Part::Value(value) => joined |= any_column(Node::Expr(value), &|column| !is_own(column)),
            Part::Key(_) | Part::Prefetch(_) => {}
        }
    }
    joined
}

fn is_ordered_by_own(query: &Select) -> bool {
    let mut terms = order_terms(query).peekable();
    terms.peek().is_some() && terms.all(|term| matches!(&term.expr, Expr::Column(column) if is_own(column)))
}

fn is_filtered_by_own(query: &Select) -> bool {
    query.filters.iter().all(decides_by_own)
}

/// Whether related rows alone do not decide. In a search of several fields a row may always be found by one of
/// its own, so that reading the related table first would leave nothing out.
fn decides_by_own(filter: &Condition) -> bool {
    match filter {
        Condition::All(parts) => parts.iter().all(decides_by_own),
        Condition::Any(parts) => parts.iter().any(decides_by_own),
        one => !any_joined(one, &|column| !is_own(column)),
    }
}

const fn is_own(column: &ColumnRef) -> bool {
    column.hops.is_none()
}
