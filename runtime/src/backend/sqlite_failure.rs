//! What SQLite's errors mean.

use sqlx::error::DatabaseError;
use sqlx::sqlite::SqliteError;

use super::failure::{Effect, Told};
use crate::{ErrorKind, Violation};

/// By extended result code, <https://www.sqlite.org/rescode.html>.
pub(super) fn tell(error: &SqliteError) -> Told {
    let code: i64 = error.code().and_then(|code| code.parse().ok()).unwrap_or(0);
    let message = error.message();
    match code {
        // PRIMARY KEY, UNIQUE, ROWID
        1555 | 2067 | 2579 => Told::violation(unique(message), Effect::None),
        787 => Told::violation(Violation::new(ErrorKind::ForeignKey), Effect::None),
        1299 => Told::violation(columns(ErrorKind::NotNull, message), Effect::None),
        275 => Told::violation(check(message), Effect::None),
        _ => match code & 0xff {
            // BUSY, LOCKED
            5 | 6 => Told::new(ErrorKind::Serialization, Effect::None),
            // INTERRUPT: the clock of a limited statement. Of a write, SQLite has rolled back everything.
            9 => Told::new(ErrorKind::Timeout, Effect::Transaction),
            // NOMEM, IOERR, FULL: SQLite may have rolled back by itself.
            7 | 10 | 13 => Told::new(ErrorKind::Database, Effect::Transaction),
            _ if message == "integer overflow" => Told::new(ErrorKind::Validation, Effect::None).hint(
                "a number that SQLite computed has more digits than it keeps: 18 of a whole number, 15 of a decimal",
            ),
            _ => Told::new(ErrorKind::Database, Effect::None),
        },
    }
}

/// `UNIQUE constraint failed: book.title, book.author_id`, or `…: index 'book_lower_title'` over expressions.
fn unique(message: &str) -> Violation {
    match detail(message).strip_prefix("index '").and_then(|name| name.strip_suffix('\'')) {
        Some(name) => {
            let mut violation = Violation::new(ErrorKind::Unique);
            violation.constraint = Some(name.to_owned());
            violation
        }
        None => columns(ErrorKind::Unique, message),
    }
}

fn columns(kind: ErrorKind, message: &str) -> Violation {
    let mut violation = Violation::new(kind);
    for part in detail(message).split(", ") {
        if let Some((table, column)) = part.split_once('.') {
            violation.table = Some(table.to_owned());
            violation.columns.push(column.to_owned());
        }
    }
    violation
}

/// `CHECK constraint failed: book_price_positive`
fn check(message: &str) -> Violation {
    let mut violation = Violation::new(ErrorKind::Check);
    violation.constraint = Some(detail(message).to_owned());
    violation
}

fn detail(message: &str) -> &str {
    message.split_once("constraint failed: ").map_or("", |(_, detail)| detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_from_the_message() {
        let two = unique("UNIQUE constraint failed: book.title, book.author_id");
        assert_eq!(two.table.as_deref(), Some("book"));
        assert_eq!(two.columns, ["title", "author_id"]);
        let index = unique("UNIQUE constraint failed: index 'book_lower'");
        assert_eq!((index.constraint.as_deref(), index.columns.len()), (Some("book_lower"), 0));
        assert_eq!(check("CHECK constraint failed: positive").constraint.as_deref(), Some("positive"));
    }
}
