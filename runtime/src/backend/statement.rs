//! What is sent to a database: text with placeholders, and the values for them.

use std::borrow::Cow;
use std::time::Duration;

use super::Elements;
use crate::value::Value;

/// One statement with the values of its placeholders.
///
/// The text is already spelled for the database it goes to: `?` on SQLite and
/// MySQL, `$1` on PostgreSQL, names quoted.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The text.
    pub sql: Cow<'static, str>,
    /// The values, in the order of the placeholders.
    pub args: Vec<Value>,
    /// How long it may run; nothing for as long as it takes.
    pub limit: Option<Duration>,
    /// Values of more placeholders behind them: on PostgreSQL, one array for a column of many new rows.
    pub(crate) columns: Vec<Elements>,
    /// Nobody looks at more than its first row.
    pub(super) first: bool,
}

impl Statement {
    /// A statement with these values.
    #[must_use]
    pub fn new(sql: impl Into<Cow<'static, str>>, args: Vec<Value>) -> Self {
        Self { sql: sql.into(), args, limit: None, columns: Vec::new(), first: false }
    }

    /// The same statement with a limit on its time, kept by the server itself. What runs longer is
    /// broken off and fails with [`Timeout`](crate::ErrorKind::Timeout). For statements that only read.
    #[must_use]
    pub fn within(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.limit = limit.into();
        self
    }
}

impl From<&'static str> for Statement {
    fn from(sql: &'static str) -> Self {
        Self::new(sql, Vec::new())
    }
}

impl From<String> for Statement {
    fn from(sql: String) -> Self {
        Self::new(sql, Vec::new())
    }
}

/// What a statement does, by its first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    /// It only reads.
    Read,
    /// It writes, or nobody knows.
    Write,
    /// It begins or ends a transaction or a savepoint.
    Transaction,
}

/// Looks at the first word, after blanks, brackets and comments.
pub(super) fn verb(sql: &str) -> Verb {
    let text = start(sql);
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let word = &text[..end];
    let is = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    match () {
        () if is(&["SELECT", "VALUES", "EXPLAIN"]) => Verb::Read,
        () if is(&["WITH"]) && !writes(text) => Verb::Read,
        () if is(&["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"]) => {
            Verb::Transaction
        }
        () => Verb::Write,
    }
}

/// Whether a writing word stands anywhere. Taking a name for one costs a place at the writer, nothing else.
fn writes(text: &str) -> bool {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).any(|word| {
        ["INSERT", "UPDATE", "DELETE", "REPLACE"].iter().any(|known| known.eq_ignore_ascii_case(word))
    })
}

fn start(sql: &str) -> &str {
    let mut text = sql.trim_start_matches(|c: char| c.is_whitespace() || c == '(' || c == ';');
    loop {
        let rest = match text.as_bytes() {
            [b'-', b'-', ..] | [b'#', ..] => text.split_once('\n').map_or("", |(_, rest)| rest),
            [b'/', b'*', ..] => text.split_once("*/").map_or("", |(_, rest)| rest),
            _ => return text,
        };
        text = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '(' || c == ';');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_decides() {
        for sql in [
            "SELECT 1",
            "  select 1",
            "-- why\n(SELECT 1)",
            "/* x */ VALUES (1)",
            "WITH a AS (SELECT 1) SELECT 2",
        ] {
            assert_eq!(verb(sql), Verb::Read, "{sql}");
        }
        for sql in
            ["INSERT INTO a VALUES (1)", "WITH a AS (SELECT 1) DELETE FROM b", "PRAGMA x", "", "SELECTED"]
        {
            assert_eq!(verb(sql), Verb::Write, "{sql}");
        }
        for sql in ["begin", "START TRANSACTION", "rollback to x", ";COMMIT", "-- a\n-- b\nSAVEPOINT a"] {
            assert_eq!(verb(sql), Verb::Transaction, "{sql}");
        }
    }
}
