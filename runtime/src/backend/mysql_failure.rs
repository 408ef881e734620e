//! What MySQL's and MariaDB's errors mean.

use sqlx::mysql::MySqlDatabaseError;

use super::failure::{Effect, Told};
use crate::{ErrorKind, Violation};

/// By error number, <https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html>.
pub(super) fn tell(error: &MySqlDatabaseError) -> Told {
    let message = error.message();
    match error.number() {
        1022 | 1062 | 1169 | 1586 | 1859 => Told::violation(unique(message), Effect::None),
        1216 | 1217 | 1451 | 1452 => Told::violation(foreign_key(message), Effect::None),
        1048 | 1364 => Told::violation(not_null(message), Effect::None),
        3819 | 4025 => Told::violation(check(message), Effect::None),
        // A deadlock ends the whole transaction, and what follows would run outside any.
        1213 | 3101 => Told::new(ErrorKind::Serialization, Effect::Transaction),
        // lock wait timeout, NOWAIT, record changed since last read (MariaDB's snapshot isolation)
        1205 | 3572 => Told::new(ErrorKind::Serialization, Effect::None),
        1020 => Told::new(ErrorKind::Serialization, Effect::Transaction),
        // 1800, 1845, 1846: a table cannot be altered in the way that was asked for (ALGORITHM, LOCK)
        1235 | 1800 | 1845 | 1846 => Told::new(ErrorKind::NotSupported, Effect::None),
        // max_statement_time of MariaDB, max_execution_time of MySQL
        1969 | 3024 => Told::new(ErrorKind::Timeout, Effect::None),
        // shutdown, killed
        1053 | 1927 | 3169 => Told::new(ErrorKind::Database, Effect::Connection),
        _ => Told::new(ErrorKind::Database, Effect::None),
    }
}

/// `Duplicate entry 'x' for key 'book.title'`; MariaDB leaves the table out. The entry may hold quotes.
fn unique(message: &str) -> Violation {
    let mut violation = Violation::new(ErrorKind::Unique);
    let key = message.rsplit_once("for key '").and_then(|(_, key)| key.strip_suffix('\''));
    let (table, name) = match key {
        Some(key) => key.split_once('.').map_or((None, Some(key)), |(table, name)| (Some(table), Some(name))),
        None => (None, None),
    };
    violation.table = table.map(str::to_owned);
    violation.constraint = name.map(str::to_owned);
    violation
}

/// `Cannot … a foreign key constraint fails (`db`.`book`, CONSTRAINT `c` FOREIGN KEY (`author_id`) REFERENCES …)`
fn foreign_key(message: &str) -> Violation {
    let mut violation = Violation::new(ErrorKind::ForeignKey);
    let place = message.split_once(" (").map_or("", |(_, place)| place);
    violation.table = quoted(place).nth(1);
    violation.constraint = after(message, "CONSTRAINT ");
    if let Some((_, rest)) = message.split_once("FOREIGN KEY (") {
        violation.columns =
            rest.split_once(')').map_or("", |(names, _)| names).split(", ").filter_map(first).collect();
    }
    violation
}

/// `Column 'title' cannot be null`, `Field 'title' doesn't have a default value`
fn not_null(message: &str) -> Violation {
    let mut violation = Violation::new(ErrorKind::NotNull);
    violation.columns = message.split('\'').nth(1).map(str::to_owned).into_iter().collect();
    violation
}

/// `Check constraint 'positive' is violated.`; MariaDB: `` CONSTRAINT `positive` failed for `db`.`book` ``.
/// For the check of a single column MariaDB names `book.price`.
fn check(message: &str) -> Violation {
    let mut violation = Violation::new(ErrorKind::Check);
    let names: Vec<String> = quoted(message).collect();
    let name = names.first().cloned().or_else(|| message.split('\'').nth(1).map(str::to_owned));
    violation.table = names.get(2).cloned();
    match name.as_deref().and_then(|name| name.split_once('.')) {
        Some((_, column)) => violation.columns = vec![column.to_owned()],
        None => violation.constraint = name,
    }
    violation
}

fn after(message: &str, word: &str) -> Option<String> {
    message.split_once(word).and_then(|(_, rest)| first(rest))
}

fn first(text: &str) -> Option<String> {
    quoted(text).next()
}

/// The names in backticks.
fn quoted(text: &str) -> impl Iterator<Item = String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_servers_messages_are_read() {
        let mysql = unique("Duplicate entry 'it's for key 'x' for key 'book.book_title_uniq'");
        assert_eq!(
            (mysql.table.as_deref(), mysql.constraint.as_deref()),
            (Some("book"), Some("book_title_uniq"))
        );
        let maria = unique("Duplicate entry 'Dune' for key 'book_title_uniq'");
        assert_eq!((maria.table, maria.constraint.as_deref()), (None, Some("book_title_uniq")));
        let fk = foreign_key(
            "Cannot add or update a child row: a foreign key constraint fails (`db`.`book`, CONSTRAINT `book_author_fk` \
             FOREIGN KEY (`author_id`) REFERENCES `author` (`id`))",
        );
        assert_eq!(fk.table.as_deref(), Some("book"));
        assert_eq!(
            (fk.constraint.as_deref(), fk.columns.as_slice()),
            (Some("book_author_fk"), &["author_id".to_owned()][..])
        );
        assert_eq!(not_null("Column 'title' cannot be null").columns, ["title"]);
        assert_eq!(check("CONSTRAINT `positive` failed for `db`.`book`").table.as_deref(), Some("book"));
        assert_eq!(check("CONSTRAINT `book.price` failed for `db`.`book`").columns, ["price"]);
        assert_eq!(check("Check constraint 'positive' is violated.").constraint.as_deref(), Some("positive"));
    }
}
