//! What PostgreSQL's errors mean.

use sqlx::postgres::{PgDatabaseError, PgSeverity};

use super::failure::{Effect, Told};
use crate::{ErrorKind, Violation};

/// By SQLSTATE, <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
pub(super) fn tell(error: &PgDatabaseError) -> Told {
    let kind = match error.code() {
        "23505" | "23P01" => ErrorKind::Unique,
        "23503" => ErrorKind::ForeignKey,
        "23502" => ErrorKind::NotNull,
        "23514" => ErrorKind::Check,
        // serialization failure, deadlock, lock not available
        "40001" | "40P01" | "55P03" => ErrorKind::Serialization,
        // a byte that is no text, a `\u0000` in JSON: what came from outside is wrong
        "22021" | "22P05" => ErrorKind::Validation,
        // A table was altered after the statement had been prepared; the server's text depends on its language.
        "0A000" if error.routine() == Some("RevalidateCachedQuery") => ErrorKind::Serialization,
        // Also what runs in no transaction, or ends the one that it is in.
        "0A000" | "25001" | "2D000" => ErrorKind::NotSupported,
        // The server broke it off, for statement_timeout among others.
        "57014" => ErrorKind::Timeout,
        _ => ErrorKind::Database,
    };
    let effect = if matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic) {
        Effect::Connection
    } else if kind == ErrorKind::Serialization && error.code() == "0A000" {
        Effect::Stale
    } else {
        Effect::Level
    };
    if matches!(kind, ErrorKind::Unique | ErrorKind::ForeignKey | ErrorKind::NotNull | ErrorKind::Check) {
        Told::violation(violation(kind, error), effect)
    } else if effect == Effect::Stale {
        Told::new(kind, effect).hint(
            "a table was altered after this connection had prepared the statement; outside a transaction it is \
             tried again by itself, inside one the whole transaction has to be",
        )
    } else {
        Told::new(kind, effect)
    }
}

fn violation(kind: ErrorKind, error: &PgDatabaseError) -> Violation {
    let mut violation = Violation::new(kind);
    violation.constraint = error.constraint().map(str::to_owned);
    violation.table = error.table().map(str::to_owned);
    violation.columns = match error.column() {
        Some(column) => vec![column.to_owned()],
        None if kind == ErrorKind::Check => Vec::new(),
        None => error.detail().map(columns).unwrap_or_default(),
    };
    violation
}

/// `Key (title, author_id)=(Dune, 1) already exists.` The words around it depend on the server's language.
fn columns(detail: &str) -> Vec<String> {
    let names =
        detail.split_once('(').and_then(|(_, rest)| rest.split_once(")=(")).map_or("", |(names, _)| names);
    names.split(", ").filter(|name| !name.is_empty()).map(unquote).collect()
}

fn unquote(name: &str) -> String {
    match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
        Some(name) => name.replace("\"\"", "\""),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_from_the_detail() {
        assert_eq!(columns("Key (title, author_id)=(A (b)=(c), 1) already exists."), ["title", "author_id"]);
        assert_eq!(columns("Schlüssel »(\"Name\")=(x)« existiert bereits."), ["Name"]);
        assert!(columns("Failing row contains (1, null).").is_empty());
    }
}
