//! What a driver's error means: its kind, the constraint, and what it does to the transaction.

use std::fmt;

use crate::{Error, ErrorKind, Violation};

/// A statement that did not work.
pub(super) struct Failure {
    error: Error,
    effect: Effect,
    from_driver: bool,
}

/// What a failure does beyond the statement itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing.
    None,
    /// The innermost savepoint, or the transaction, takes no more statements (PostgreSQL, after any error).
    Level,
    /// As `Level`: what the connection has prepared no longer fits the tables.
    Stale,
    /// The server ended the transaction (MySQL after a deadlock, SQLite when the disk is full).
    Transaction,
    /// The connection is gone.
    Connection,
}

/// What a driver tells about an error of the database.
#[cfg_attr(
    not(any(feature = "sqlite", feature = "postgres", feature = "mysql")),
    allow(dead_code, reason = "no database is linked")
)]
pub(super) struct Told {
    pub(super) kind: ErrorKind,
    pub(super) violation: Option<Violation>,
    pub(super) effect: Effect,
    /// What to do about it, where the database's own words do not say.
    pub(super) hint: Option<&'static str>,
}

impl Told {
    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
    pub(super) fn new(kind: ErrorKind, effect: Effect) -> Self {
        Self { kind, violation: None, effect, hint: None }
    }

    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
    pub(super) fn hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
    pub(super) fn violation(violation: Violation, effect: Effect) -> Self {
        Self { kind: violation.kind, violation: Some(violation), effect, hint: None }
    }
}

impl Failure {
    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
    pub(super) fn from_driver(error: sqlx::Error) -> Self {
        let told = match &error {
            sqlx::Error::Database(error) => tell(error.as_ref()),
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::AnyDriverError(_) => Told::new(ErrorKind::Database, Effect::Connection),
            _ => Told::new(ErrorKind::Database, Effect::None),
        };
        let error = Error::from_source(told.kind, error);
        let error = match told.hint {
            Some(hint) => error.context(hint),
            None => error,
        };
        let error = match told.violation {
            Some(violation) => error.context(describe(&violation)).with_violation(violation),
            None if told.kind == ErrorKind::Validation => {
                error.context("the database stores no NUL character")
            }
            None => error,
        };
        Self { error, effect: told.effect, from_driver: true }
    }

    pub(super) fn effect(&self) -> Effect {
        self.effect
    }

    /// SQLite's answer to a ROLLBACK outside a transaction.
    pub(super) fn is_no_transaction(&self) -> bool {
        self.error.to_string().contains("no transaction is active")
    }

    /// Adds the statement's text, unless the error says enough: a violation names its constraint.
    pub(super) fn into_error(self, sql: &str) -> Error {
        let says_enough = self.error.constraint().is_some() || self.error.kind() == ErrorKind::Validation;
        if says_enough || !self.from_driver {
            return self.error;
        }
        let shown: String = sql.chars().take(500).collect();
        self.error.context(format!("the database did not run `{shown}`"))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, effect: Effect::None, from_driver: false }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.error, f)
    }
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
fn tell(error: &dyn sqlx::error::DatabaseError) -> Told {
    #[cfg(feature = "sqlite")]
    if let Some(error) = error.try_downcast_ref::<sqlx::sqlite::SqliteError>() {
        return super::sqlite_failure::tell(error);
    }
    #[cfg(feature = "postgres")]
    if let Some(error) = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
        return super::postgres_failure::tell(error);
    }
    #[cfg(feature = "mysql")]
    if let Some(error) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return super::mysql_failure::tell(error);
    }
    Told::new(ErrorKind::Database, Effect::None)
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
fn describe(violation: &Violation) -> String {
    let what = match violation.kind {
        ErrorKind::Unique => "the value is there already",
        ErrorKind::ForeignKey => "a row refers to one that is not there, or is still referred to",
        ErrorKind::NotNull => "a value is missing",
        _ => "a check refused the row",
    };
    let mut text = what.to_owned();
    if let Some(table) = &violation.table {
        text.push_str(&format!(", table `{table}`"));
    }
    if !violation.columns.is_empty() {
        text.push_str(&format!(", column `{}`", violation.columns.join("`, `")));
    }
    if let Some(constraint) = &violation.constraint {
        text.push_str(&format!(", constraint `{constraint}`"));
    }
    text
}
