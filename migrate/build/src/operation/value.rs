//! The values that are frozen into migrations: literals, backfills, SQL.

use nuages_schema::Backend;
use serde::{Deserialize, Serialize};

/// A literal. Decimals, dates and the words of choices are texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Literal {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A binary floating point number.
    Float(f64),
    /// Text.
    Text(String),
}

/// What rows get that are there already.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Backfill {
    /// The same value in each.
    Value(Literal),
    /// What an SQL expression gives for the row.
    Sql {
        /// The expression.
        sql: String,
    },
}

impl std::fmt::Display for Literal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Text(value) => write!(f, "{value:?}"),
        }
    }
}

/// SQL of the user: the same on every database, or one for each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SqlText {
    /// The same everywhere.
    All(SqlStatements),
    /// One for each database that the app runs on.
    Each {
        /// For SQLite.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sqlite: Option<SqlStatements>,
        /// For PostgreSQL.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        postgres: Option<SqlStatements>,
        /// For MySQL and MariaDB.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mysql: Option<SqlStatements>,
    },
}

/// One statement or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SqlStatements {
    /// One.
    One(String),
    /// Several, in order.
    Many(Vec<String>),
}

impl SqlStatements {
    /// The statements in order.
    #[must_use]
    pub fn list(&self) -> Vec<&str> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many.iter().map(String::as_str).collect(),
        }
    }
}

impl SqlText {
    /// The statements for one database; `None` where the file says nothing for it.
    #[must_use]
    pub fn on(&self, backend: Backend) -> Option<Vec<&str>> {
        match self {
            Self::All(statements) => Some(statements.list()),
            Self::Each { sqlite, postgres, mysql } => match backend {
                Backend::Sqlite => sqlite.as_ref(),
                Backend::Postgres => postgres.as_ref(),
                Backend::Mysql => mysql.as_ref(),
            }
            .map(SqlStatements::list),
        }
    }
}
