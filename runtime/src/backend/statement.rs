//! What is sent to a database: text with placeholders, and the values for them.

use std::borrow::Cow;

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
}

impl Statement {
    /// A statement with these values.
    #[must_use]
    pub fn new(sql: impl Into<Cow<'static, str>>, args: Vec<Value>) -> Self {
        Self { sql: sql.into(), args }
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
