//! When two spellings are one type.

use nuages_schema::Backend;

/// Whether values of the one type are kept by the other just as well.
///
/// PostgreSQL and MySQL show types in spellings of their own, so those must be equal. SQLite shows what was
/// written and looks only at the family: `integer` and `bigint` are one, and so are `varchar(100)` and `text`.
#[must_use]
pub fn is_same_type(backend: Backend, expected: &str, live: &str) -> bool {
    if backend != Backend::Sqlite || expected == live {
        return expected == live;
    }
    let ((expected, size), (live, other)) = (split(expected), split(live));
    family(&expected) == family(&live) && (size.is_none() || other.is_none() || size == other)
}

/// `decimal(8, 2)` is `decimal` and `8,2`.
fn split(text: &str) -> (String, Option<String>) {
    let text = text.to_lowercase();
    match text.split_once('(') {
        Some((word, rest)) => {
            let size = rest.split(')').next().unwrap_or_default().replace(' ', "");
            (word.trim().to_owned(), Some(size))
        }
        None => (text.trim().to_owned(), None),
    }
}

/// The word that stands for all words of the same family.
fn family(word: &str) -> &str {
    match word {
        "bool" | "boolean" => "bool",
        "datetime" | "timestamp" => "datetime",
        "decimal" | "numeric" => "decimal",
        "real" | "double" | "double precision" | "float" => "real",
        "blob" | "" => "blob",
        _ if word.contains("int") => "integer",
        _ if word.contains("char") || word.contains("text") || word.contains("clob") => "text",
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_looks_at_the_family() {
        let same = |a, b| is_same_type(Backend::Sqlite, a, b);
        assert!(same("integer", "bigint") && same("bigint", "integer unsigned") && same("integer", "INT"));
        assert!(same("varchar(100)", "NVARCHAR(100)") && same("text", "varchar(30)"));
        assert!(same("decimal(10,2)", "NUMERIC(10, 2)") && same("decimal(8,2)", "decimal"));
        assert!(
            !same("varchar(100)", "varchar(200)") && !same("date", "datetime") && !same("bool", "integer")
        );
        assert!(!is_same_type(Backend::Postgres, "bigint", "integer"));
        assert!(!is_same_type(Backend::Mysql, "varchar(100)", "varchar(101)"));
    }
}
