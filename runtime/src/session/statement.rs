//! Hand-written statements in the spelling of each database.

use nuages_schema::Backend;

use crate::backend::Statement;
use crate::value::Value;

/// The statement with its `?` placeholders as the database wants them. The text must
/// not hold a question mark otherwise, and no name that needs quoting.
pub(crate) fn spelled(backend: Backend, sql: &str, args: Vec<Value>) -> Statement {
    if backend != Backend::Postgres {
        return Statement::new(sql.to_owned(), args);
    }
    let mut pieces = sql.split('?');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for (index, piece) in pieces.enumerate() {
        text.push_str(&format!("${}{piece}", index + 1));
    }
    Statement::new(text, args)
}

#[cfg(test)]
mod tests {
    use super::spelled;
    use nuages_schema::Backend;

    #[test]
    fn placeholders_are_numbered_for_postgres() {
        let sql = |backend| spelled(backend, "a = ? AND b IN (?, ?)", Vec::new()).sql;
        assert_eq!(sql(Backend::Postgres), "a = $1 AND b IN ($2, $3)");
        assert_eq!(sql(Backend::Mysql), "a = ? AND b IN (?, ?)");
    }
}
