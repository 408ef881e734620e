//! ORDER BY.

use std::borrow::Cow;

use nuages_schema::{Backend, OrderSchema};

use super::Writer;
use super::columns::is_read;
use super::walk::{collect, collect_joined, has_plain_aggregate};
use crate::error::Result;
use crate::expr::Expr;
use crate::field::ColumnRef;
use crate::query::{OrderTerm, Part, Select};

/// Whether a term of the ordering is one more thing to group by, as in Django.
pub(super) fn splits_groups(query: &Select, expr: &Expr) -> bool {
    let is_part = |part: &Part| matches!(part, Part::Value(value) if value == expr);
    !has_plain_aggregate(expr) && !query.parts.iter().any(is_part)
}

/// Where a computed value stands in a grouped query. It is ordered by its place: written again its values
/// would be others, and so would the expression.
fn place_of(query: &Select, expr: &Expr) -> Option<usize> {
    if !(query.grouped || query.distinct) || matches!(expr, Expr::Column(_)) {
        return None;
    }
    let read = query.parts.iter().filter(|part| part.columns() > 0);
    read.enumerate().find_map(|(at, part)| match part {
        Part::Value(value) if value == expr => Some(at + 1),
        _ => None,
    })
}

/// Writes ORDER BY.
pub(super) fn order(writer: &mut Writer, query: &Select) -> Result<()> {
    let owner = query.owner.as_ref().map_or(0, |owner| owner.column.width());
    let read = query.width() + owner + query.behind.len();
    let mut next_hidden = read;
    let mut word = " ORDER BY ";
    for term in order_terms(query) {
        writer.push(word);
        let is_hidden = query.distinct && !is_read(query, &term.expr);
        next_hidden += usize::from(is_hidden);
        // PostgreSQL must find the very expression among what is read.
        let hidden = (is_hidden && writer.backend == Backend::Postgres).then_some(next_hidden);
        let place = hidden.or_else(|| place_of(query, &term.expr));
        order_term(writer, &term, query.reversed, place)?;
        word = ", ";
    }
    Ok(())
}

/// Whether the joins of a query may hand out one row several times.
pub(crate) fn joins_many(query: &Select) -> bool {
    let mut columns = Vec::new();
    for filter in &query.filters {
        collect_joined(filter, &mut columns);
    }
    for part in &query.parts {
        if let Part::Value(value) = part {
            collect(value, &mut columns);
        }
    }
    columns.iter().any(ColumnRef::is_to_many)
}

/// Whether a query is ordered by columns of related rows of which there may be several.
pub(crate) fn orders_by_many(query: &Select) -> bool {
    let mut columns = Vec::new();
    query.order.iter().flatten().for_each(|term| collect(&term.expr, &mut columns));
    columns.iter().any(ColumnRef::is_to_many)
}

/// The ordering asked for, or the model's own.
pub(super) fn order_terms(query: &Select) -> impl Iterator<Item = Cow<'_, OrderTerm>> {
    // The model's ordering would split the groups.
    let own = query.order.is_none() && !query.grouped && !query.parts.iter().all(is_aggregate);
    let own = own.then_some(query.model.ordering).into_iter().flatten();
    let own = own.map(|order| own_term(query, *order));
    // Nor may it split what DISTINCT makes one.
    let own = own.filter(|term| !query.distinct || is_read(query, &term.expr)).map(Cow::Owned);
    query.order.iter().flatten().map(Cow::Borrowed).chain(own)
}

fn is_aggregate(part: &Part) -> bool {
    matches!(part, Part::Value(value) if has_plain_aggregate(value))
}

fn own_term(query: &Select, order: OrderSchema) -> OrderTerm {
    let column = ColumnRef { index: order.field, ..query.key_column() };
    OrderTerm { expr: Expr::Column(column), descending: order.descending, nulls_first: None }
}

/// Writes one term; `place`: by the place of a column that is read.
pub(super) fn order_term(
    writer: &mut Writer,
    term: &OrderTerm,
    reversed: bool,
    place: Option<usize>,
) -> Result<()> {
    let descending = term.descending != reversed;
    let nulls_first = term.nulls_first.map(|first| first != reversed);
    if writer.backend == Backend::Mysql
        && let Some(first) = nulls_first
    {
        writer.expr(&term.expr)?;
        writer.push(if first { " IS NULL DESC, " } else { " IS NULL, " });
    }
    match place {
        Some(place) => writer.push(&place.to_string()),
        None => writer.expr(&term.expr)?,
    }
    if descending {
        writer.push(" DESC");
    }
    match nulls_first {
        Some(first) if writer.backend != Backend::Mysql => {
            writer.push(if first { " NULLS FIRST" } else { " NULLS LAST" });
        }
        _ => {}
    }
    Ok(())
}
