//! Going through the rows of a query in chunks, each of which begins behind the last row of the one before.

use super::{OrderTerm, Part, Select};
use crate::backend::{Backend, Db, Row};
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{Comparison, Condition, Expr};
use crate::sql;
use crate::value::{ColumnKind, Value};

/// Where a walk through the rows of a query stands.
pub(super) struct Keyset {
    select: Select,
    backend: Backend,
    /// The ordering with the primary key at its end, each term with the place of NULL.
    terms: Vec<OrderTerm>,
    /// The values of the terms in the last row handed out.
    last: Option<Vec<Value>>,
    /// How many rows are still wanted, of a slice.
    left: Option<u64>,
    /// Whether joins may hand out one row of the model several times.
    multiplies: bool,
    /// How much larger than usual the next chunk is: it did not get past the copies of one row.
    factor: u64,
    done: bool,
}

impl Keyset {
    /// Begins at the first row.
    pub(super) fn new(db: &Db, mut select: Select) -> Result<Self> {
        check(&select)?;
        let mut terms = select.order.take().unwrap_or_default();
        let reversed = std::mem::take(&mut select.reversed);
        for key in select.key_order() {
            if !terms.iter().any(|term| term.expr == key.expr) {
                terms.push(key);
            }
        }
        for term in &mut terms {
            let descending = term.descending != reversed;
            // Without a word of its own NULL is the greatest value to PostgreSQL, the least to the others.
            let natural = descending == (db.backend() == Backend::Postgres);
            term.nulls_first = term
                .nulls_first
                .map_or_else(|| may_be_null(&term.expr).then_some(natural), |first| Some(first != reversed));
            term.descending = descending;
        }
        let multiplies = !select.distinct && sql::joins_many(&select);
        let (left, backend) = (select.limit, db.backend());
        let done = left == Some(0);
        Ok(Self { select, backend, terms, last: None, left, multiplies, factor: 1, done })
    }

    /// Refuses a query whose joins may give one row several times: a page could end between them.
    pub(super) fn refuse_copies(&self) -> Result<()> {
        if !self.multiplies {
            return Ok(());
        }
        let text =
            "a page could end between the copies of one row that a to-many relation gives; add `distinct`";
        Err(Error::new(ErrorKind::NotSupported, text))
    }

    /// What the terms hold.
    pub(super) fn kinds(&self) -> Vec<ColumnKind> {
        self.terms.iter().map(|term| sql::kind_of(&term.expr)).collect()
    }

    /// Goes on behind a row with these values of the terms.
    pub(super) fn go_behind(&mut self, values: Vec<Value>) {
        self.last = Some(values);
    }

    /// Whether there are no more rows.
    pub(super) const fn is_done(&self) -> bool {
        self.done
    }

    /// The query of the next chunk.
    pub(super) fn chunk(&self, size: u64) -> Select {
        let mut chunk = self.select.clone();
        let size = size.saturating_mul(self.factor);
        chunk.limit = Some(self.left.map_or(size, |left| left.min(size)));
        if let Some(last) = &self.last {
            chunk.offset = 0;
            chunk.filters.push(behind(&self.terms, last));
        }
        chunk.behind = self.terms.iter().map(|term| term.expr.clone()).collect();
        chunk.order = Some(self.terms.clone());
        chunk
    }

    /// Notes what a chunk brought; gives the number of its rows that are handed out.
    pub(super) fn advance(&mut self, chunk: &Select, rows: &[Row]) -> Result<usize> {
        let full = chunk.limit.is_some_and(|limit| rows.len() as u64 >= limit);
        let asked_for_all = self.left.is_some() && self.left == chunk.limit;
        let mut kept = rows.len();
        if full && self.multiplies && !asked_for_all {
            kept = self.without_last_group(chunk, rows)?;
            if kept == 0 {
                self.factor = self.factor.saturating_mul(2);
                return Ok(0);
            }
        }
        self.factor = 1;
        if let Some(row) = kept.checked_sub(1).and_then(|at| rows.get(at)) {
            self.last = Some(self.position(chunk, row)?);
        }
        self.left = self.left.map(|left| left.saturating_sub(kept as u64));
        self.done = !full || self.left == Some(0);
        Ok(kept)
    }

    /// How many rows stand before the last one and its copies: more of those may come in the next chunk.
    fn without_last_group(&self, chunk: &Select, rows: &[Row]) -> Result<usize> {
        let Some(last) = rows.last() else { return Ok(0) };
        let last = self.position(chunk, last)?;
        let mut kept = rows.len() - 1;
        while let Some(row) = kept.checked_sub(1).and_then(|at| rows.get(at)) {
            if self.position(chunk, row)? != last {
                break;
            }
            kept -= 1;
        }
        Ok(kept)
    }

    /// The values of the terms in a row.
    pub(super) fn position(&self, chunk: &Select, row: &Row) -> Result<Vec<Value>> {
        let width = chunk.width();
        let read = |(at, term): (usize, &OrderTerm)| match self.backend {
            // As it is stored: a decimal of SQLite is a float, and its text may be another one.
            Backend::Sqlite => row.any(width + at),
            _ => row.value(width + at, sql::kind_of(&term.expr)),
        };
        self.terms.iter().enumerate().map(read).collect()
    }
}

fn check(select: &Select) -> Result<()> {
    let has_row = |part: &Part| matches!(part, Part::Model(None, _) | Part::Key(_));
    let no_key = select.grouped || (select.distinct && !select.parts.iter().any(has_row));
    if sql::orders_by_many(select) {
        return Err(Error::new(
            ErrorKind::NotSupported,
            "a stream cannot go on in the middle of one row's related rows: order by columns of the row, or over \
             relations to one row",
        ));
    }
    if !no_key {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::NotSupported,
        "a stream goes on from the primary key, which groups and `distinct` values do not have: use `all`, or a \
         transaction on PostgreSQL, which has cursors",
    ))
}

fn may_be_null(expr: &Expr) -> bool {
    match expr {
        Expr::Column(column) => column.may_be_null(),
        Expr::Value(value) => value.is_null(),
        _ => true,
    }
}

/// What a row behind these values in the order fulfils.
fn behind(terms: &[OrderTerm], last: &[Value]) -> Condition {
    let mut equal: Vec<Condition> = Vec::new();
    let mut any = Vec::new();
    for (term, value) in terms.iter().zip(last) {
        if let Some(after) = after(term, value) {
            let mut all = equal.clone();
            all.push(after);
            any.push(Condition::All(all));
        }
        equal.push(if value.is_null() {
            Condition::IsNull(term.expr.clone(), true)
        } else {
            Condition::Compare(term.expr.clone(), Comparison::Equal, Expr::Value(value.clone()))
        });
    }
    Condition::Any(any)
}

/// What a row fulfils whose value of one term comes later; none if nothing does.
fn after(term: &OrderTerm, value: &Value) -> Option<Condition> {
    let nulls_last = term.nulls_first == Some(false);
    if value.is_null() {
        return (!nulls_last).then(|| Condition::IsNull(term.expr.clone(), false));
    }
    let comparison = if term.descending { Comparison::Less } else { Comparison::Greater };
    let later = Condition::Compare(term.expr.clone(), comparison, Expr::Value(value.clone()));
    Some(if nulls_last { later.or(Condition::IsNull(term.expr.clone(), true)) } else { later })
}
