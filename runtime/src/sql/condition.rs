//! Conditions as SQL, with the rows that Django gives.
//!
//! Inside a negation SQL's third truth value would drop rows: each comparison
//! of something that may be NULL gets an `IS NOT NULL` beside it there. A
//! to-many relation inside a negation is asked for with EXISTS.

use nuages_schema::{Backend, ColumnKind};

use super::Writer;
use super::expr::{self, kind_of};
use crate::error::Result;
use crate::expr::{Comparison, Condition, Expr, Matching};
use crate::field::ColumnRef;
use crate::path::Hop;
use crate::query::Select;
use crate::value::Value;

/// Longer lists of numbers or texts are bound as one value where the database can unfold it.
const LONG_LIST: usize = 100;

impl Writer {
    /// Writes a condition.
    pub(crate) fn condition(&mut self, condition: &Condition) -> Result<()> {
        self.part(condition, false, false)
    }

    /// `negated`: an odd number of NOTs stands around it. `inside`: any NOT does.
    fn part(&mut self, condition: &Condition, negated: bool, inside: bool) -> Result<()> {
        match condition {
            Condition::All(parts) => self.joined(parts, " AND ", "1 = 1", negated, inside),
            Condition::Any(parts) => self.joined(parts, " OR ", "1 = 0", negated, inside),
            Condition::Not(inner) => {
                self.push("NOT (");
                self.part(inner, !negated, true)?;
                self.push(")");
                Ok(())
            }
            leaf if inside => self.leaf_in_negation(leaf, negated),
            leaf => self.leaf(leaf),
        }
    }

    fn joined(
        &mut self,
        parts: &[Condition],
        word: &str,
        none: &str,
        negated: bool,
        inside: bool,
    ) -> Result<()> {
        if let [only] = parts {
            return self.part(only, negated, inside);
        }
        if parts.is_empty() {
            self.push(none);
            return Ok(());
        }
        self.push("(");
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                self.push(word);
            }
            self.part(part, negated, inside)?;
        }
        self.push(")");
        Ok(())
    }

    fn leaf_in_negation(&mut self, leaf: &Condition, negated: bool) -> Result<()> {
        let mut columns = Vec::new();
        collect(leaf, &mut columns);
        if let Some(hop) = columns.iter().find_map(|column| self.first_to_many(column.hops)) {
            return self.exists_related(hop, leaf);
        }
        let guard: Vec<ColumnRef> = match leaf {
            Condition::IsNull(..) => Vec::new(),
            _ if negated => columns.into_iter().filter(ColumnRef::may_be_null).collect(),
            _ => Vec::new(),
        };
        self.push("(");
        self.leaf(leaf)?;
        for column in guard {
            self.push(" AND ");
            self.column(column)?;
            self.push(" IS NOT NULL");
        }
        self.push(")");
        Ok(())
    }

    /// Writes that a related row fulfils a condition.
    fn exists_related(&mut self, hop: &'static Hop, leaf: &Condition) -> Result<()> {
        self.push("EXISTS ");
        if matches!(leaf, Condition::IsNull(_, true)) {
            // "No related row" is itself a row of an outer join, so the join is asked as a whole.
            return super::select::same_row(self, |w| w.leaf(leaf));
        }
        super::select::related(self, hop, |w| w.expr(&Expr::Value(expr::one())), Some(leaf))
    }

    pub(super) fn leaf(&mut self, leaf: &Condition) -> Result<()> {
        match leaf {
            Condition::Compare(left, comparison, right) => self.comparison(left, *comparison, right),
            Condition::Match(left, matching, right) => self.matching(left, *matching, right),
            Condition::In(left, values) => self.is_in(left, values),
            Condition::InQuery(left, select) => self.in_query(left, select),
            Condition::Between(value, from, to) => {
                self.expr(value)?;
                self.push(" BETWEEN ");
                self.operand(from, value)?;
                self.push(" AND ");
                self.operand(to, value)
            }
            Condition::IsNull(value, null) => {
                self.expr(value)?;
                self.push(if *null { " IS NULL" } else { " IS NOT NULL" });
                Ok(())
            }
            Condition::Holds(value) => self.expr(value),
            Condition::Exists(select) => {
                self.push("EXISTS (");
                super::select::write(self, select)?;
                self.push(")");
                Ok(())
            }
            other => self.part(other, false, false),
        }
    }

    fn comparison(&mut self, left: &Expr, comparison: Comparison, right: &Expr) -> Result<()> {
        self.expr(left)?;
        self.push(match comparison {
            Comparison::Equal => " = ",
            Comparison::NotEqual => " <> ",
            Comparison::Less => " < ",
            Comparison::LessOrEqual => " <= ",
            Comparison::Greater => " > ",
            Comparison::GreaterOrEqual => " >= ",
        });
        self.operand(right, left)
    }

    /// The right side of a comparison. JSON on MySQL and MariaDB is compared as a document.
    fn operand(&mut self, right: &Expr, left: &Expr) -> Result<()> {
        if kind_of(left) == ColumnKind::Json && self.backend == Backend::Mysql && !self.mariadb {
            self.push("CAST(");
            self.expr(right)?;
            self.push(" AS JSON)");
            return Ok(());
        }
        self.expr(right)
    }

    fn in_query(&mut self, left: &Expr, select: &Select) -> Result<()> {
        if select.nothing {
            self.push("1 = 0");
            return Ok(());
        }
        self.expr(left)?;
        self.push(" IN (");
        // MySQL refuses a limit in this place, but not one level deeper.
        let wrapped = self.backend == Backend::Mysql && select.is_sliced();
        if wrapped {
            self.push("SELECT * FROM (");
        }
        super::select::write(self, select)?;
        self.push(if wrapped { ") AS sliced)" } else { ")" });
        Ok(())
    }

    fn is_in(&mut self, left: &Expr, values: &[Value]) -> Result<()> {
        let values: Vec<Value> = values.iter().filter(|value| !value.is_null()).cloned().collect();
        if values.is_empty() {
            self.push("1 = 0");
            return Ok(());
        }
        let kind = kind_of(left);
        self.expr(left)?;
        let plain = values.iter().all(|value| matches!(value, Value::Int(_) | Value::Text(_)));
        match self.backend {
            Backend::Postgres => {
                self.push(" = ANY(");
                self.value(Value::Array(kind, values));
                self.push(")");
            }
            Backend::Sqlite if plain && values.len() > LONG_LIST => {
                self.push(" IN (SELECT value FROM json_each(");
                self.value(json_list(&values));
                self.push("))");
            }
            Backend::Mysql if plain && values.len() > LONG_LIST => {
                let column = if matches!(values[0], Value::Int(_)) { "BIGINT" } else { "LONGTEXT" };
                self.push(" IN (SELECT listed.v FROM JSON_TABLE(");
                self.value(json_list(&values));
                self.push(&format!(", '$[*]' COLUMNS (v {column} PATH '$')) AS listed)"));
            }
            _ => {
                self.push(" IN (");
                for (at, value) in values.into_iter().enumerate() {
                    if at > 0 {
                        self.push(", ");
                    }
                    self.value(value);
                }
                self.push(")");
            }
        }
        Ok(())
    }

    fn matching(&mut self, left: &Expr, matching: Matching, right: &Expr) -> Result<()> {
        let Expr::Value(Value::Text(text)) = right else {
            return self.comparison(left, Comparison::Equal, right);
        };
        match self.backend {
            Backend::Sqlite if !folds(matching) => {
                // LIKE of SQLite ignores case; GLOB does not.
                self.expr(left)?;
                self.push(" GLOB ");
                self.value(Value::Text(around(matching, &escape_glob(text), "*")));
            }
            Backend::Postgres => {
                self.expr(left)?;
                self.push(if folds(matching) { " ILIKE " } else { " LIKE " });
                self.value(Value::Text(around(matching, &escape_like(text), "%")));
                self.push(r" ESCAPE '\'");
            }
            Backend::Mysql => return self.matching_mysql(left, matching, text),
            Backend::Sqlite => {
                self.expr(left)?;
                self.push(" LIKE ");
                self.value(Value::Text(around(matching, &escape_like(text), "%")));
                self.push(r" ESCAPE '\'");
            }
        }
        Ok(())
    }

    /// Columns that we create compare by byte; those of adopted tables may not, so each lookup says what it means.
    fn matching_mysql(&mut self, left: &Expr, matching: Matching, text: &str) -> Result<()> {
        let pattern = around(matching, &escape_like(text), "%");
        if folds(matching) {
            self.push("LOWER(");
            self.expr(left)?;
            self.push(") LIKE LOWER(");
            self.value(Value::Text(pattern));
            self.push(r") ESCAPE '\\'");
        } else {
            self.expr(left)?;
            self.push(" LIKE BINARY ");
            self.value(Value::Text(pattern));
            self.push(r" ESCAPE '\\'");
        }
        Ok(())
    }
}

const fn folds(matching: Matching) -> bool {
    matches!(matching, Matching::IExact | Matching::IContains | Matching::IStartsWith | Matching::IEndsWith)
}

/// The pattern with wildcards where the search has them.
fn around(matching: Matching, escaped: &str, wildcard: &str) -> String {
    match matching {
        Matching::IExact => escaped.to_owned(),
        Matching::Contains | Matching::IContains => format!("{wildcard}{escaped}{wildcard}"),
        Matching::StartsWith | Matching::IStartsWith => format!("{escaped}{wildcard}"),
        Matching::EndsWith | Matching::IEndsWith => format!("{wildcard}{escaped}"),
    }
}

/// `%`, `_` and `\` stand for themselves.
pub(crate) fn escape_like(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// `*`, `?` and `[` stand for themselves.
fn escape_glob(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '*' | '?' | '[') {
            out.push('[');
            out.push(c);
            out.push(']');
        } else {
            out.push(c);
        }
    }
    out
}

fn json_list(values: &[Value]) -> Value {
    let list = values.iter().map(|value| match value {
        Value::Int(number) => serde_json::Value::from(*number),
        Value::Text(text) => serde_json::Value::from(text.as_str()),
        _ => serde_json::Value::Null,
    });
    Value::Text(serde_json::Value::Array(list.collect()).to_string())
}

/// The columns of a condition that belong to the same query.
pub(super) fn collect(condition: &Condition, into: &mut Vec<ColumnRef>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| collect(part, into)),
        Condition::Not(inner) => collect(inner, into),
        Condition::Compare(left, _, right) | Condition::Match(left, _, right) => {
            expr::collect(left, into);
            expr::collect(right, into);
        }
        Condition::In(value, _)
        | Condition::InQuery(value, _)
        | Condition::IsNull(value, _)
        | Condition::Holds(value) => expr::collect(value, into),
        Condition::Between(value, from, to) => {
            for part in [value, from, to] {
                expr::collect(part, into);
            }
        }
        Condition::Exists(_) => {}
    }
}

/// Whether a condition holds an aggregate over the rows of the query itself.
pub(super) fn has_plain_aggregate(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(has_plain_aggregate),
        Condition::Not(inner) => has_plain_aggregate(inner),
        Condition::Compare(left, _, right) | Condition::Match(left, _, right) => {
            expr::has_plain_aggregate(left) || expr::has_plain_aggregate(right)
        }
        Condition::In(value, _)
        | Condition::InQuery(value, _)
        | Condition::IsNull(value, _)
        | Condition::Holds(value) => expr::has_plain_aggregate(value),
        Condition::Between(value, from, to) => [value, from, to].into_iter().any(expr::has_plain_aggregate),
        Condition::Exists(_) => false,
    }
}

/// Whether a condition holds any aggregate.
pub(super) fn has_aggregate(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(has_aggregate),
        Condition::Not(inner) => has_aggregate(inner),
        Condition::Compare(left, _, right) | Condition::Match(left, _, right) => {
            expr::has_aggregate(left) || expr::has_aggregate(right)
        }
        Condition::In(value, _)
        | Condition::InQuery(value, _)
        | Condition::IsNull(value, _)
        | Condition::Holds(value) => expr::has_aggregate(value),
        Condition::Between(value, from, to) => [value, from, to].into_iter().any(expr::has_aggregate),
        Condition::Exists(_) => false,
    }
}
