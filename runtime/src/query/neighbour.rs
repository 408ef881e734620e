//! The row before or after another, in the order of one column.

use nuages_schema::ModelSchema;

use super::{OrderTerm, Select};
use crate::backend::{Db, Row};
use crate::error::Result;
use crate::expr::{Comparison, Condition, Expr};
use crate::field::ColumnRef;
use crate::sql;
use crate::value::Value;

/// The row next to the one with these values: of the column, and then of the key, which decides between rows of one
/// value. A row without a value has no neighbours and is none.
pub(super) async fn neighbour(
    db: &Db,
    schema: &'static ModelSchema,
    values: Vec<(usize, Value)>,
    backwards: bool,
) -> Result<Option<Row>> {
    if values.iter().any(|(_, value)| value.is_null()) {
        return Ok(None);
    }
    let column = |index| Expr::Column(ColumnRef { hops: None, model: schema.this, index });
    let compare = |(index, value): &(usize, Value), comparison| {
        Condition::Compare(column(*index), comparison, Expr::Value(value.clone()))
    };
    let beyond = |at: usize| {
        let same = values[..at].iter().map(|value| compare(value, Comparison::Equal));
        let further = if backwards { Comparison::Less } else { Comparison::Greater };
        Condition::All(same.chain([compare(&values[at], further)]).collect())
    };
    let mut select = Select::of(schema);
    select.filters.push(Condition::Any((0..values.len()).map(beyond).collect()));
    let term = |(index, _): &(usize, Value)| OrderTerm {
        expr: column(*index),
        descending: backwards,
        nulls_first: None,
    };
    select.order = Some(values.iter().map(term).collect());
    select.limit = Some(1);
    db.fetch_optional(sql::select(db, &select)?).await
}
