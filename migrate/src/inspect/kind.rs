//! Types of databases as types of Rust.

use nuages_build::state::ColumnType;
use nuages_schema::{Backend, ColumnKind as K};

/// What a column is in Rust.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kind {
    pub(super) rust: &'static str,
    pub(super) data: ColumnType,
    /// What somebody should know about it.
    pub(super) note: Option<String>,
}

/// The Rust type for a type of the catalogue; none where no field reads it.
pub(super) fn kind_of(backend: Backend, sql_type: &str) -> Option<Kind> {
    let (word, size) = split(sql_type);
    let word = word.as_str();
    let plain = |rust, kind| Some(Kind { rust, data: ColumnType::plain(kind), note: None });
    match word {
        "numeric" | "decimal" => return Some(decimal(&size, sql_type)),
        "tinyint" if size == ["1"] => return plain("bool", K::Bool),
        "bool" | "boolean" => return plain("bool", K::Bool),
        "char" if size == ["32"] && backend != Backend::Postgres => return plain("Uuid", K::Uuid),
        _ => {}
    }
    let length = size.first().and_then(|text| text.parse::<u32>().ok());
    if is_text(word) {
        let data = length.map_or_else(|| ColumnType::plain(K::Text), ColumnType::text);
        return Some(Kind { rust: "String", data, note: None });
    }
    let (rust, kind) = match word {
        "smallint" | "int2" | "tinyint" => ("i16", K::SmallInt),
        // SQLite's integers have 64 bits, whatever they are called.
        _ if backend == Backend::Sqlite && word.contains("int") => ("i64", K::BigInt),
        "integer" | "int" | "int4" | "mediumint" => ("i32", K::Integer),
        "bigint" | "int8" => ("i64", K::BigInt),
        "real" | "float" if backend != Backend::Sqlite => ("f32", K::Real),
        "real" | "float" | "double" | "double precision" => ("f64", K::Double),
        "date" => ("Date", K::Date),
        "time" | "time without time zone" => ("Time", K::Time),
        "datetime" | "timestamp" | "timestamp with time zone" | "timestamp without time zone" => {
            ("DateTime", K::DateTime)
        }
        "uuid" => ("Uuid", K::Uuid),
        "json" | "jsonb" => ("Json", K::Json),
        "bytea" | "blob" | "longblob" | "mediumblob" | "tinyblob" | "varbinary" | "binary" => {
            ("Vec<u8>", K::Binary)
        }
        "" if backend == Backend::Sqlite => ("Vec<u8>", K::Binary),
        _ => return None,
    };
    plain(rust, kind)
}

fn is_text(word: &str) -> bool {
    word.contains("char") || word.contains("text") || word.contains("clob")
}

/// `numeric` without a size takes any number; a field needs a size.
fn decimal(size: &[String], sql_type: &str) -> Kind {
    let number = |at: usize| size.get(at).and_then(|text| text.parse::<u8>().ok());
    let (digits, places) = (number(0), number(1).or(number(0).map(|_| 0)));
    let note =
        digits.is_none().then(|| format!("the column is `{sql_type}`: say how many digits it may have"));
    Kind { rust: "Decimal", data: ColumnType::decimal(digits.unwrap_or(28), places.unwrap_or(10)), note }
}

/// `character varying(100)` is the word and `["100"]`; `int unsigned` is `int`.
fn split(sql_type: &str) -> (String, Vec<String>) {
    let text = sql_type.to_lowercase();
    let (word, rest) = text.split_once('(').unwrap_or((&text, ""));
    let size = rest.split(')').next().unwrap_or_default();
    let size = size.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
    let word = word.trim();
    (word.strip_suffix(" unsigned").unwrap_or(word).to_owned(), size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_with_their_sizes() {
        let rust = |backend, text| kind_of(backend, text).map(|kind| (kind.rust, kind.data));
        assert_eq!(rust(Backend::Postgres, "character varying(40)"), Some(("String", ColumnType::text(40))));
        assert_eq!(rust(Backend::Sqlite, "NVARCHAR(40)"), Some(("String", ColumnType::text(40))));
        assert_eq!(rust(Backend::Sqlite, "NUMERIC(10, 2)"), Some(("Decimal", ColumnType::decimal(10, 2))));
        assert_eq!(rust(Backend::Sqlite, "integer"), Some(("i64", ColumnType::plain(K::BigInt))));
        assert_eq!(rust(Backend::Mysql, "int unsigned"), Some(("i32", ColumnType::plain(K::Integer))));
        assert_eq!(rust(Backend::Mysql, "tinyint(1)"), Some(("bool", ColumnType::plain(K::Bool))));
        assert_eq!(rust(Backend::Postgres, "tsvector"), None);
        assert!(kind_of(Backend::Postgres, "numeric").unwrap().note.is_some());
    }
}
