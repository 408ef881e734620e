//! Keyset paging: the next page begins after a row, not after a number of rows.
//!
//! The order always ends in the primary key, so that it is total. NULL stands
//! where the database puts it by itself, because an index can be used then:
//! after everything else on PostgreSQL, before everything else on the others.

use nuages::Result;
use nuages::backend::{Backend, Row};
use nuages::expr::{Comparison, Condition, Expr};
use nuages::query::{OrderTerm, Select};
use nuages::signing::Signer;
use nuages::value::{ColumnKind, Value};

use crate::text;

/// One term of the order with what is needed to compare rows by it.
#[derive(Clone)]
pub(crate) struct Term {
    pub(crate) expr: Expr,
    pub(crate) descending: bool,
    pub(crate) kind: ColumnKind,
    pub(crate) nullable: bool,
}

/// A place between two rows of an ordered list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cursor(pub(crate) Vec<Value>);

/// Which page is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Page {
    /// The first one.
    First,
    /// The one after a place.
    After(Cursor),
    /// The one before a place.
    Before(Cursor),
    /// The last one.
    Last,
}

impl Page {
    /// Whether the rows are read from the end.
    pub(crate) const fn is_backward(&self) -> bool {
        matches!(self, Self::Before(_) | Self::Last)
    }
}

/// Orders a query and makes it begin at a page; reads one row more than `size` to see whether there are more.
pub(crate) fn apply(select: &mut Select, terms: &[Term], page: &Page, size: u64, backend: Backend) {
    let order = |term: &Term| OrderTerm {
        expr: term.expr.clone(),
        descending: term.descending != page.is_backward(),
        nulls_first: None,
    };
    select.order = Some(terms.iter().map(order).collect());
    select.limit = Some(size + 1);
    if let Page::After(cursor) | Page::Before(cursor) = page {
        select.filters.push(beyond(terms, cursor, page.is_backward(), backend));
    }
}

/// The rows that come after a place, or before it.
fn beyond(terms: &[Term], cursor: &Cursor, backward: bool, backend: Backend) -> Condition {
    let mut ways = Vec::new();
    for (at, (term, value)) in terms.iter().zip(&cursor.0).enumerate() {
        let mut all: Vec<Condition> =
            terms.iter().zip(&cursor.0).take(at).map(|(term, value)| same(term, value)).collect();
        if let Some(further) = further(term, value, term.descending != backward, backend) {
            all.push(further);
            ways.push(Condition::All(all));
        }
    }
    let any = Condition::Any(ways);
    match (terms.first(), cursor.0.first()) {
        // Says the same again in a way that an index understands.
        (Some(term), Some(value)) if terms.len() > 1 && !term.nullable => {
            let descending = term.descending != backward;
            let comparison = if descending { Comparison::LessOrEqual } else { Comparison::GreaterOrEqual };
            Condition::Compare(term.expr.clone(), comparison, Expr::Value(value.clone())).and_all(any)
        }
        _ => any,
    }
}

/// Both conditions, whatever the first one is.
trait AndAll {
    fn and_all(self, other: Condition) -> Condition;
}

impl AndAll for Condition {
    fn and_all(self, other: Condition) -> Condition {
        Condition::All(vec![self, other])
    }
}

fn same(term: &Term, value: &Value) -> Condition {
    if value.is_null() {
        Condition::IsNull(term.expr.clone(), true)
    } else {
        Condition::Compare(term.expr.clone(), Comparison::Equal, Expr::Value(value.clone()))
    }
}

/// Strictly further on by one term; `None` where nothing can be.
fn further(term: &Term, value: &Value, descending: bool, backend: Backend) -> Option<Condition> {
    let nulls_last = (backend == Backend::Postgres) != descending;
    if value.is_null() {
        return (!nulls_last).then(|| Condition::IsNull(term.expr.clone(), false));
    }
    let comparison = if descending { Comparison::Less } else { Comparison::Greater };
    let beyond = Condition::Compare(term.expr.clone(), comparison, Expr::Value(value.clone()));
    if term.nullable && nulls_last {
        return Some(Condition::Any(vec![beyond, Condition::IsNull(term.expr.clone(), true)]));
    }
    Some(beyond)
}

/// The place of a row; the values of the terms stand in it from `at` on.
pub(crate) fn place(row: &Row, at: usize, terms: &[Term]) -> Result<Cursor> {
    terms.iter().enumerate().map(|(n, term)| row.value(at + n, term.kind)).collect::<Result<_>>().map(Cursor)
}

/// A place as it stands in an address: signed, and good for one order only.
pub(crate) fn write(cursor: &Cursor, order: &str, signer: &Signer) -> String {
    let mut text = format!("{}\u{1f}", order);
    for value in &cursor.0 {
        text.push(if value.is_null() { 'n' } else { 'v' });
        text.push_str(&exact(value));
        text.push('\u{1f}');
    }
    signer.sign(&text)
}

/// The place that an address names, if we made it for this order.
pub(crate) fn read(text: &str, order: &str, terms: &[Term], signer: &Signer) -> Option<Cursor> {
    let text = signer.unsign(text).ok()?;
    let mut parts = text.split('\u{1f}');
    if parts.next()? != order {
        return None;
    }
    let values: Option<Vec<Value>> = terms.iter().map(|term| read_value(parts.next()?, term.kind)).collect();
    values.map(Cursor)
}

fn read_value(part: &str, kind: ColumnKind) -> Option<Value> {
    match part.split_at_checked(1)? {
        ("n", _) => Some(Value::Null(kind)),
        ("v", text) => of_exact(text, kind),
        _ => None,
    }
}

/// Text keeps every character; everything else has one spelling.
fn exact(value: &Value) -> String {
    match value {
        Value::Text(text) => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
        Value::Decimal(number) => number.to_string(),
        Value::Float(number) => number.to_bits().to_string(),
        Value::Duration(length) => length.num_microseconds().unwrap_or_default().to_string(),
        other => text::plain(other),
    }
}

fn of_exact(text: &str, kind: ColumnKind) -> Option<Value> {
    Some(match kind {
        ColumnKind::Text => {
            let bytes: Option<Vec<u8>> = (0..text.len() / 2)
                .map(|at| u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok())
                .collect();
            Value::Text(String::from_utf8(bytes?).ok()?)
        }
        ColumnKind::Bool => Value::Bool(text == "1"),
        ColumnKind::Decimal => Value::Decimal(text.parse().ok()?),
        ColumnKind::Real | ColumnKind::Double => Value::Float(f64::from_bits(text.parse().ok()?)),
        ColumnKind::Date => Value::Date(text.parse().ok()?),
        ColumnKind::Time => Value::Time(text.parse().ok()?),
        ColumnKind::DateTime => Value::DateTime(text.parse().ok()?),
        ColumnKind::Duration => Value::Duration(chrono::TimeDelta::microseconds(text.parse().ok()?)),
        ColumnKind::Uuid => Value::Uuid(text.parse().ok()?),
        kind if kind.is_integer() => Value::Int(text.parse().ok()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use nuages::signing::Keyring;
    use nuages::value::{ColumnKind, Value};

    use super::{Cursor, Expr, Term, read, write};

    #[test]
    fn a_place_is_good_for_its_order_and_its_keys_only() {
        let signer = Keyring::new("a secret of a test").signer("admin.cursor");
        let values = [
            Value::Text("ä\u{1f}:%".into()),
            Value::Null(ColumnKind::Date),
            Value::Float(0.1),
            Value::Decimal("1.50".parse().expect("a number")),
            Value::DateTime("2026-11-20T14:02:11.000123Z".parse().expect("an instant")),
            Value::Int(-7),
        ];
        let terms: Vec<Term> = values
            .iter()
            .map(|value| Term {
                expr: Expr::Value(value.clone()),
                descending: false,
                kind: value.kind(),
                nullable: true,
            })
            .collect();
        let cursor = Cursor(values.to_vec());
        let text = write(&cursor, "-price", &signer);
        assert_eq!(read(&text, "-price", &terms, &signer), Some(cursor));
        assert_eq!(read(&text, "price", &terms, &signer), None);
        let other = Keyring::new("another secret of a test").signer("admin.cursor");
        assert_eq!(read(&text, "-price", &terms, &other), None);
        assert_eq!(read("rubbish", "-price", &terms, &signer), None);
    }
}
