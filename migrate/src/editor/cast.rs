//! How the values of a column become values of another type, and how they are held back where they cannot.
//!
//! The three databases agree on what comes out: a truth is `true` or `false` as
//! text, a UUID has its hyphens, a day starts at midnight UTC. A value that the
//! new type does not hold stops the migration; it is never cut.

use crate::table::Column;

/// What a column holds, by the spelling of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Bool,
    Int,
    Float,
    Decimal,
    Text,
    Date,
    Time,
    DateTime,
    Uuid,
    Json,
    Other,
}

impl Family {
    fn of(column: &Column) -> Self {
        let word = column.sql_type.split('(').next().unwrap_or_default();
        match word {
            _ if column.sql_type == "tinyint(1)" => Self::Bool,
            _ if column.sql_type == "char(32)" => Self::Uuid,
            "bool" | "boolean" => Self::Bool,
            "smallint" | "integer" | "int" | "bigint" => Self::Int,
            "real" | "double precision" | "float" | "double" => Self::Float,
            "numeric" | "decimal" => Self::Decimal,
            "text" | "longtext" | "varchar" | "character varying" => Self::Text,
            "date" => Self::Date,
            "time" | "time without time zone" => Self::Time,
            "datetime" | "timestamp with time zone" => Self::DateTime,
            "uuid" => Self::Uuid,
            "json" | "jsonb" => Self::Json,
            _ => Self::Other,
        }
    }

    fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Float | Self::Decimal)
    }
}

/// The value as SQLite's copy of the table takes it; `name` is quoted.
pub(super) fn sqlite(name: &str, old: &Column, new: &Column) -> String {
    use Family as F;
    match (Family::of(old), Family::of(new)) {
        (F::Bool, F::Text) => format!("CASE {name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"),
        (F::Text, F::Bool) => truth(name, "1", "0"),
        (from, F::Bool) if from.is_number() => format!("{name} <> 0"),
        (F::Float | F::Decimal, F::Int) => format!("CAST(round({name}) AS INTEGER)"),
        (F::Float | F::Decimal, F::Decimal) if old.sql_type != new.sql_type => {
            format!("round({name}, {})", numbers(&new.sql_type).1)
        }
        (F::Uuid, F::Text) => hyphens(name, "substr", " || '-' || "),
        (F::Text, F::Uuid) => format!("lower(replace({name}, '-', ''))"),
        (F::Date, F::DateTime) => format!("{name} || ' 00:00:00'"),
        (F::DateTime, F::Date) => format!("substr({name}, 1, 10)"),
        _ => name.to_owned(),
    }
}

/// What PostgreSQL's `USING` says; `None` where the plain change refuses what does not fit.
pub(super) fn postgres(name: &str, old: &Column, new: &Column) -> Option<String> {
    use Family as F;
    let to = &new.sql_type;
    Some(match (Family::of(old), Family::of(new)) {
        (F::Text, F::Text) => return None,
        (from, F::Bool) if from.is_number() => format!("{name} <> 0"),
        (F::Bool, new) if new.is_number() => format!("{name}::integer::{to}"),
        (F::Date, F::DateTime) => format!("{name}::timestamp AT TIME ZONE 'UTC'"),
        (F::DateTime, F::Date) => format!("({name} AT TIME ZONE 'UTC')::date"),
        (F::DateTime, F::Text) => format!("({name} AT TIME ZONE 'UTC')::text"),
        // An explicit cast to a shorter text would cut; the change itself refuses.
        (_, F::Text) => format!("{name}::text"),
        (from, new) if from.is_number() && new.is_number() => format!("{name}::{to}"),
        _ => format!("{name}::text::{to}"),
    })
}

/// The value that MySQL's rows get before the column changes, where the change alone would get it wrong.
pub(super) fn mysql_before(name: &str, old: &Column, new: &Column) -> Option<String> {
    use Family as F;
    match (Family::of(old), Family::of(new)) {
        (F::Text, F::Bool) => Some(truth(name, "'1'", "'0'")),
        (from, F::Bool) if from.is_number() => Some(format!("{name} <> 0")),
        (F::Text, F::Uuid) => Some(format!("LOWER(REPLACE({name}, '-', ''))")),
        _ => None,
    }
}

/// The value that MySQL's rows get after the column has changed.
pub(super) fn mysql_after(name: &str, old: &Column, new: &Column) -> Option<String> {
    use Family as F;
    match (Family::of(old), Family::of(new)) {
        (F::Bool, F::Text) => {
            Some(format!("CASE {name} WHEN '1' THEN 'true' WHEN '0' THEN 'false' ELSE {name} END"))
        }
        (F::Uuid, F::Text) => {
            let parts = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)];
            let parts: Vec<String> =
                parts.iter().map(|(at, len)| format!("SUBSTR({name}, {at}, {len})")).collect();
            Some(format!("CONCAT_WS('-', {})", parts.join(", ")))
        }
        _ => None,
    }
}

fn truth(name: &str, yes: &str, no: &str) -> String {
    format!(
        "CASE WHEN lower({name}) IN ('true', 't', '1', 'yes') THEN {yes} WHEN lower({name}) IN ('false', 'f', '0', 'no') \
         THEN {no} ELSE {name} END"
    )
}

fn hyphens(name: &str, substr: &str, glue: &str) -> String {
    let parts = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)];
    let parts: Vec<String> = parts.iter().map(|(at, len)| format!("{substr}({name}, {at}, {len})")).collect();
    parts.join(glue)
}

/// Statements that fail, with the column's name, where a value of SQLite's copy is none of the new type.
///
/// SQLite itself keeps any value in any column. A check of a table in passing tells it in one sentence.
pub(super) fn sqlite_guard(quoted_table: &str, quoted: &str, old: &Column, new: &Column) -> Vec<String> {
    if old.sql_type == new.sql_type {
        return Vec::new();
    }
    let Some(fits) = fits(quoted, new) else { return Vec::new() };
    let told = format!("{} holds a value that {} does not take", new.name, new.sql_type).replace('"', "");
    vec![
        format!("CREATE TEMP TABLE nuages_guard (value CONSTRAINT \"{told}\" CHECK (value IS NULL))"),
        format!(
            "INSERT INTO temp.nuages_guard SELECT {quoted} FROM {quoted_table} WHERE {quoted} IS NOT NULL AND NOT ({fits}) LIMIT 1"
        ),
        "DROP TABLE temp.nuages_guard".to_owned(),
    ]
}

/// Whether a value is one of the type, as a condition; `None` where every value is.
fn fits(x: &str, column: &Column) -> Option<String> {
    let (first, second) = numbers(&column.sql_type);
    let within = |bits: u32| {
        let most = (1_i128 << (bits - 1)) - 1;
        format!("typeof({x}) = 'integer' AND {x} BETWEEN {} AND {most}", -most - 1)
    };
    Some(match Family::of(column) {
        Family::Bool => format!("{x} IN (0, 1)"),
        Family::Int if column.auto => format!("typeof({x}) = 'integer'"),
        Family::Int if column.sql_type == "smallint" => within(16),
        Family::Int if column.sql_type == "integer" => within(32),
        Family::Int => format!("typeof({x}) = 'integer'"),
        Family::Float => format!("typeof({x}) IN ('real', 'integer')"),
        Family::Decimal => {
            let whole = "0".repeat(usize::try_from(first.saturating_sub(second)).unwrap_or_default());
            format!("typeof({x}) IN ('real', 'integer') AND abs({x}) < 1{whole}.0")
        }
        Family::Text if column.sql_type.contains('(') => format!("length({x}) <= {first}"),
        Family::Date => format!("{x} IS date({x})"),
        Family::Time => format!("time({x}) IS NOT NULL"),
        Family::DateTime => format!("length({x}) > 10 AND datetime({x}) IS NOT NULL"),
        Family::Uuid => format!("length({x}) = 32 AND {x} NOT GLOB '*[^0-9a-f]*'"),
        Family::Json => format!("json_valid({x})"),
        Family::Text | Family::Other => return None,
    })
}

/// `(8, 2)` of `decimal(8,2)`.
fn numbers(sql_type: &str) -> (u32, u32) {
    let inside = sql_type.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'));
    let (first, second) = inside.split_once(',').unwrap_or((inside, "0"));
    (first.trim().parse().unwrap_or(0), second.trim().parse().unwrap_or(0))
}
