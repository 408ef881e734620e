//! Conditions as SQL, with the rows that Django gives.
//!
//! Inside a negation SQL's third truth value would drop rows: each comparison
//! of something that may be NULL gets an `IS NOT NULL` beside it there. A
//! to-many relation inside a negation is asked for with EXISTS.

use nuages_schema::{Backend, ColumnKind};

use super::Writer;
use super::expr;
use super::kind::kind_of;
use super::walk::collect_condition as collect;
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{Comparison, Condition, Expr, Matching};
use crate::field::ColumnRef;
use crate::path::Hop;
use crate::query::Select;
use crate::value::{Value, has_nul};

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
            leaf => match self.to_many_elsewhere(leaf) {
                Some(hop) => self.exists_related(hop, leaf),
                None => self.leaf(leaf),
            },
        }
    }

    /// Inside the subquery of an aggregate, a to-many relation that leads away from its rows: a join
    /// would multiply the rows around it.
    fn to_many_elsewhere(&self, leaf: &Condition) -> Option<&'static Hop> {
        if !self.has_base() {
            return None;
        }
        let mut columns = Vec::new();
        collect(leaf, &mut columns);
        columns.iter().find_map(|column| self.to_many_outside(column.hops))
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
            if self.spreads(hop, &columns) {
                return self.exists_same_row(hop, leaf);
            }
            return self.exists_related(hop, leaf);
        }
        if negated && !is_plain(leaf) {
            // What a function, an aggregate or a subquery makes of NULL only the database knows.
            self.push("((");
            self.leaf(leaf)?;
            self.push(") IS TRUE)");
            return Ok(());
        }
        let guard = columns.into_iter().filter(|column| negated && column.may_be_null());
        self.push("(");
        self.leaf(leaf)?;
        for column in guard.filter(|_| !matches!(leaf, Condition::IsNull(..))) {
            self.push(" AND ");
            self.column(column.first())?;
            self.push(" IS NOT NULL");
        }
        self.push(")");
        Ok(())
    }

    /// Writes that a related row fulfils a condition.
    fn exists_related(&mut self, hop: &'static Hop, leaf: &Condition) -> Result<()> {
        let strict = is_plain(leaf) || matches!(leaf, Condition::InQuery(Expr::Column(_), _));
        if !strict || matches!(leaf, Condition::IsNull(_, true)) {
            // "No related row" is itself a row of an outer join, and COALESCE may make something of it, so the
            // join is asked as a whole.
            return self.exists_same_row(hop, leaf);
        }
        self.push("EXISTS ");
        super::select::related(self, hop, |w| w.expr(&Expr::Value(expr::one())), Some(leaf))
    }

    /// The same of the row itself with all its relations joined, of which the condition may need several.
    fn exists_same_row(&mut self, hop: &'static Hop, leaf: &Condition) -> Result<()> {
        self.push("EXISTS ");
        super::select::same_row(self, hop, |w| w.leaf(leaf))
    }

    /// Whether a condition that leads over a to-many hop has columns over another one as well.
    fn spreads(&self, hop: &'static Hop, columns: &[ColumnRef]) -> bool {
        columns.iter().any(|column| {
            let behind = column.hops.is_some_and(|last| last.chain().contains(&hop));
            column.is_to_many() && !behind
        })
    }

    pub(super) fn leaf(&mut self, leaf: &Condition) -> Result<()> {
        match leaf {
            Condition::Compare(left, comparison, right) => self.comparison(left, *comparison, right),
            Condition::Match(left, matching, right) => self.matching(left, *matching, right),
            Condition::In(left, values) => self.is_in(left, values),
            Condition::InQuery(left, select) => self.in_query(left, select),
            Condition::Between(value, from, to) => {
                if self.cannot_hold(from) || self.cannot_hold(to) {
                    return Err(no_place(value));
                }
                self.expr(value)?;
                self.push(" BETWEEN ");
                self.operand(from, value)?;
                self.push(" AND ");
                self.operand(to, value)
            }
            Condition::IsNull(value, null) => {
                match value {
                    Expr::Column(column) => self.column(column.first())?,
                    value => self.expr(value)?,
                }
                self.push(if *null { " IS NULL" } else { " IS NOT NULL" });
                Ok(())
            }
            Condition::Holds(value) => self.expr(value),
            Condition::Exists(select) => super::select::exists_query(self, select),
            Condition::Reached(key, start, hop) => super::recursive::reached(self, key, start, hop),
            Condition::Json(document, test, other) => self.json_test(document, *test, other),
            Condition::JsonHas(document, steps) => self.json_has(document, steps),
            other => self.part(other, false, false),
        }
    }

    fn comparison(&mut self, left: &Expr, comparison: Comparison, right: &Expr) -> Result<()> {
        if self.cannot_hold(right) {
            return self.compare_with_nul(left, comparison);
        }
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

    /// No text of PostgreSQL has a NUL in it, so none equals such a text; it cannot even be asked.
    fn compare_with_nul(&mut self, left: &Expr, comparison: Comparison) -> Result<()> {
        match comparison {
            Comparison::Equal => self.push("1 = 0"),
            Comparison::NotEqual => {
                self.expr(left)?;
                self.push(" IS NOT NULL");
            }
            _ => return Err(no_place(left)),
        }
        Ok(())
    }

    fn cannot_hold(&self, value: &Expr) -> bool {
        self.backend == Backend::Postgres && matches!(value, Expr::Value(value) if has_nul(value))
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
        super::select::write_one(self, select)?;
        self.push(if wrapped { ") AS sliced)" } else { ")" });
        Ok(())
    }

    fn matching(&mut self, left: &Expr, matching: Matching, right: &Expr) -> Result<()> {
        let Expr::Value(Value::Text(text)) = right else {
            return self.comparison(left, Comparison::Equal, right);
        };
        if self.cannot_hold(right) {
            self.push("1 = 0");
            return Ok(());
        }
        if matches!(matching, Matching::Regex | Matching::IRegex) {
            return self.regex(left, matching == Matching::IRegex, text);
        }
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

    fn regex(&mut self, left: &Expr, folds: bool, pattern: &str) -> Result<()> {
        let flagged = |flag: &str| Value::Text(format!("({flag}){pattern}"));
        let (word, pattern) = match self.backend {
            Backend::Postgres => (if folds { " ~* " } else { " ~ " }, Value::Text(pattern.to_owned())),
            Backend::Mysql if !self.mariadb => {
                self.push("REGEXP_LIKE(");
                self.expr(left)?;
                self.push(", ");
                self.value(Value::Text(pattern.to_owned()));
                self.push(if folds { ", 'i')" } else { ", 'c')" });
                return Ok(());
            }
            // What the collation of the column says does not count.
            Backend::Mysql => (" REGEXP ", flagged(if folds { "?i" } else { "?-i" })),
            Backend::Sqlite if folds => (" REGEXP ", flagged("?i")),
            Backend::Sqlite => (" REGEXP ", Value::Text(pattern.to_owned())),
        };
        self.expr(left)?;
        self.push(word);
        self.value(pattern);
        Ok(())
    }

    /// Columns that we create compare by byte; those of adopted tables may not, so each lookup says what it means.
    fn matching_mysql(&mut self, left: &Expr, matching: Matching, text: &str) -> Result<()> {
        // A backslash in a literal means one thing or another, as the server's mode has it.
        let pattern = around(matching, &escape(text, '!'), "%");
        if folds(matching) {
            self.push("LOWER(");
            self.expr(left)?;
            self.push(") LIKE LOWER(");
            self.value(Value::Text(pattern));
            self.push(") ESCAPE '!'");
        } else {
            self.expr(left)?;
            self.push(" LIKE BINARY ");
            self.value(Value::Text(pattern));
            self.push(" ESCAPE '!'");
        }
        Ok(())
    }
}

fn no_place(compared: &Expr) -> Error {
    let text = "a text with a NUL in it has no place in PostgreSQL's order; take the NUL out";
    let error = Error::new(ErrorKind::Validation, text);
    match compared {
        Expr::Column(column) => error.with_field(column.field().name),
        _ => error,
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
        Matching::Regex | Matching::IRegex => escaped.to_owned(),
    }
}

/// `%`, `_` and `\` stand for themselves.
pub(crate) fn escape_like(text: &str) -> String {
    escape(text, '\\')
}

fn escape(text: &str, by: char) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_') || c == by {
            out.push(by);
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

/// Whether a leaf is unknown just where one of its columns is NULL.
fn is_plain(leaf: &Condition) -> bool {
    let plain = |expr: &Expr| match expr {
        Expr::Column(_) => true,
        Expr::Value(value) => !value.is_null(),
        _ => false,
    };
    match leaf {
        Condition::Compare(left, _, right) | Condition::Match(left, _, right) => plain(left) && plain(right),
        Condition::In(value, _) | Condition::Holds(value) => plain(value),
        Condition::Between(value, from, to) => plain(value) && plain(from) && plain(to),
        Condition::IsNull(..) | Condition::Exists(_) => true,
        _ => false,
    }
}
