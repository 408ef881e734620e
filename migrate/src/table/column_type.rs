//! How each database spells the types of columns and literals.

use nuages_build::Literal;
use nuages_schema::{Backend, ColumnKind as K};

/// A column's value, once keys have been followed to what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) kind: K,
    pub(crate) max_length: Option<u32>,
    pub(crate) max_digits: Option<u8>,
    pub(crate) decimal_places: Option<u8>,
}

/// The type as the database's catalogue spells it.
#[must_use]
pub fn column_type(
    backend: Backend,
    kind: K,
    max_length: Option<u32>,
    max_digits: Option<u8>,
    decimal_places: Option<u8>,
) -> String {
    match (kind, max_length) {
        (K::Decimal, _) => decimal(backend, max_digits, decimal_places),
        (K::Text, Some(length)) if backend == Backend::Postgres => format!("character varying({length})"),
        (K::Text, Some(length)) => format!("varchar({length})"),
        _ => match backend {
            Backend::Sqlite => sqlite(kind),
            Backend::Postgres => postgres(kind),
            Backend::Mysql => mysql(kind),
        }
        .to_owned(),
    }
}

fn decimal(backend: Backend, digits: Option<u8>, places: Option<u8>) -> String {
    let word = if backend == Backend::Postgres { "numeric" } else { "decimal" };
    format!("{word}({},{})", digits.unwrap_or(18), places.unwrap_or(0))
}

fn sqlite(kind: K) -> &'static str {
    match kind {
        K::Bool => "bool",
        K::SmallInt => "smallint",
        K::Integer => "integer",
        K::BigInt | K::Duration => "bigint",
        K::Real | K::Double => "real",
        K::Date => "date",
        K::Time => "time",
        K::DateTime => "datetime",
        K::Uuid => "char(32)",
        K::Binary => "blob",
        _ => "text",
    }
}

fn postgres(kind: K) -> &'static str {
    match kind {
        K::Bool => "boolean",
        K::SmallInt => "smallint",
        K::Integer => "integer",
        K::BigInt | K::Duration => "bigint",
        K::Real => "real",
        K::Double => "double precision",
        K::Date => "date",
        K::Time => "time without time zone",
        K::DateTime => "timestamp with time zone",
        K::Uuid => "uuid",
        K::Json => "jsonb",
        K::Binary => "bytea",
        _ => "text",
    }
}

fn mysql(kind: K) -> &'static str {
    match kind {
        K::Bool => "tinyint(1)",
        K::SmallInt => "smallint",
        K::Integer => "int",
        K::BigInt | K::Duration => "bigint",
        K::Real => "float",
        K::Double => "double",
        K::Date => "date",
        K::Time => "time(6)",
        K::DateTime => "datetime(6)",
        K::Uuid => "char(32)",
        K::Json => "json",
        K::Binary => "longblob",
        _ => "longtext",
    }
}

/// A literal of a migration as SQL for a column of this kind.
#[must_use]
pub fn literal(backend: Backend, kind: K, value: &Literal) -> String {
    match value {
        Literal::Bool(value) if backend == Backend::Sqlite => u8::from(*value).to_string(),
        Literal::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        Literal::Int(value) if kind == K::Bool => literal(backend, kind, &Literal::Bool(*value != 0)),
        Literal::Int(value) if kind == K::Text => quoted(backend, &value.to_string()),
        Literal::Int(value) => value.to_string(),
        Literal::Float(value) => format!("{value:?}"),
        Literal::Text(value) if kind == K::Decimal && is_number(value) => value.clone(),
        Literal::Text(value) if kind == K::Uuid && backend != Backend::Postgres => {
            quoted(backend, &value.replace('-', "").to_lowercase())
        }
        Literal::Text(value) => quoted(backend, value),
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// The one place that writes text into SQL: literals of migrations, which the user's own source holds.
/// MySQL reads backslashes unless its mode says otherwise, so they are doubled there.
pub(crate) fn quoted(backend: Backend, text: &str) -> String {
    let text = text.replace('\'', "''");
    match backend {
        Backend::Mysql => format!("'{}'", text.replace('\\', "\\\\")),
        Backend::Sqlite | Backend::Postgres => format!("'{text}'"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_cannot_end_early() {
        let hostile = Literal::Text("a'b\\'; DROP TABLE x; --".into());
        assert_eq!(literal(Backend::Sqlite, K::Text, &hostile), r"'a''b\''; DROP TABLE x; --'");
        assert_eq!(literal(Backend::Mysql, K::Text, &hostile), r"'a''b\\''; DROP TABLE x; --'");
        assert_eq!(literal(Backend::Postgres, K::Decimal, &Literal::Text("1.50".into())), "1.50");
        assert_eq!(literal(Backend::Postgres, K::Decimal, &Literal::Text("1;--".into())), "'1;--'");
        assert_eq!(literal(Backend::Sqlite, K::Bool, &Literal::Bool(true)), "1");
    }
}
