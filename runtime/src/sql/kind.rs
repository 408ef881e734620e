//! What an expression holds, as far as its parts tell.

use nuages_schema::{Backend, ColumnKind};

use crate::expr::{Aggregate, AggregateFunction, DatePart, Expr, Function, Ranking, WindowFunction};
use crate::query::Part;

/// What an expression holds.
pub(crate) fn kind_of(expr: &Expr) -> ColumnKind {
    match expr {
        Expr::Column(column) | Expr::Outer(column) => (column.field().kind)(),
        Expr::Value(value) => value.kind(),
        Expr::Binary(left, _, right) => wider(kind_of(left), kind_of(right)),
        Expr::Call(function, arguments) => function_kind(*function, arguments),
        Expr::Custom(_, _, kind) | Expr::Cast(_, kind) => *kind,
        Expr::Aggregate(aggregate) => aggregate_kind(aggregate),
        Expr::Window(window) => match &window.function {
            WindowFunction::Aggregate(aggregate) => aggregate_kind(aggregate),
            WindowFunction::Ranking(Ranking::PercentRank | Ranking::CumeDist, _) => ColumnKind::Double,
            WindowFunction::Ranking(
                Ranking::Rank | Ranking::DenseRank | Ranking::RowNumber | Ranking::Ntile,
                _,
            ) => ColumnKind::BigInt,
            WindowFunction::Ranking(_, arguments) => arguments.first().map_or(ColumnKind::Text, kind_of),
        },
        Expr::Case(branches, otherwise) => {
            branches.first().map_or_else(|| kind_of(otherwise), |(_, value)| kind_of(value))
        }
        Expr::Condition(_) => ColumnKind::Bool,
        Expr::Subquery(select) => select.parts.first().map_or(ColumnKind::Text, |part| match part {
            Part::Value(expr) => kind_of(expr),
            _ => (select.model.key_field().kind)(),
        }),
        Expr::InZone(..) => ColumnKind::DateTime,
        Expr::JsonPath(_, _, kind) => kind.unwrap_or(ColumnKind::Json),
    }
}

fn aggregate_kind(aggregate: &Aggregate) -> ColumnKind {
    match (aggregate.function, &aggregate.argument) {
        (AggregateFunction::Count, _) | (_, None) => ColumnKind::BigInt,
        (AggregateFunction::Avg, Some(argument)) if kind_of(argument) != ColumnKind::Decimal => {
            ColumnKind::Double
        }
        (
            AggregateFunction::StdDev
            | AggregateFunction::SampleStdDev
            | AggregateFunction::Variance
            | AggregateFunction::SampleVariance,
            _,
        ) => ColumnKind::Double,
        (_, Some(argument)) => kind_of(argument),
    }
}

/// What a function gives, of these arguments.
fn function_kind(function: Function, arguments: &[Expr]) -> ColumnKind {
    let first = || arguments.first().map_or(ColumnKind::Text, kind_of);
    match function {
        Function::Lower
        | Function::Upper
        | Function::Concat
        | Function::Trim
        | Function::TrimStart
        | Function::TrimEnd
        | Function::Left
        | Function::Right
        | Function::Substr
        | Function::Replace
        | Function::Repeat
        | Function::PadStart
        | Function::PadEnd
        | Function::Reverse
        | Function::Md5
        | Function::Sha256
        | Function::Collate(_) => ColumnKind::Text,
        Function::Length | Function::StrIndex => ColumnKind::BigInt,
        Function::Sign | Function::Extract(_) => ColumnKind::Integer,
        Function::Now => ColumnKind::DateTime,
        Function::Power | Function::Sqrt | Function::Exp | Function::Ln | Function::Random => {
            ColumnKind::Double
        }
        Function::Date => ColumnKind::Date,
        Function::Time => ColumnKind::Time,
        Function::Truncated(DatePart::Hour | DatePart::Minute | DatePart::Second) => ColumnKind::DateTime,
        Function::Truncated(_) => ColumnKind::Date,
        Function::JsonObject | Function::JsonArray => ColumnKind::Json,
        Function::Coalesce
        | Function::Abs
        | Function::Ceil
        | Function::Floor
        | Function::Round
        | Function::Truncate
        | Function::Greatest
        | Function::Least
        | Function::NullIf => first(),
    }
}

fn wider(left: ColumnKind, right: ColumnKind) -> ColumnKind {
    let rank = |kind| match kind {
        ColumnKind::Double | ColumnKind::Real => 3,
        ColumnKind::Decimal => 2,
        _ => 1,
    };
    if rank(right) > rank(left) { right } else { left }
}

/// The word for a kind in a CAST.
pub(super) const fn cast_type(backend: Backend, kind: ColumnKind) -> &'static str {
    match (backend, kind) {
        (Backend::Sqlite, ColumnKind::Real | ColumnKind::Double) => "REAL",
        (Backend::Sqlite, ColumnKind::Decimal) => "NUMERIC",
        (Backend::Sqlite, ColumnKind::Binary) => "BLOB",
        (Backend::Sqlite, kind) if kind.is_integer() => "INTEGER",
        (Backend::Sqlite, ColumnKind::Bool | ColumnKind::Duration) => "INTEGER",
        (Backend::Sqlite, _) => "TEXT",
        (Backend::Postgres, ColumnKind::Bool) => "boolean",
        (Backend::Postgres, ColumnKind::SmallInt) => "smallint",
        (Backend::Postgres, ColumnKind::Integer) => "integer",
        (Backend::Postgres, ColumnKind::BigInt | ColumnKind::Duration) => "bigint",
        (Backend::Postgres, ColumnKind::Real) => "real",
        (Backend::Postgres, ColumnKind::Double) => "double precision",
        (Backend::Postgres, ColumnKind::Decimal) => "numeric",
        (Backend::Postgres, ColumnKind::Date) => "date",
        (Backend::Postgres, ColumnKind::Time) => "time",
        (Backend::Postgres, ColumnKind::DateTime) => "timestamptz",
        (Backend::Postgres, ColumnKind::Uuid) => "uuid",
        (Backend::Postgres, ColumnKind::Json) => "jsonb",
        (Backend::Postgres, ColumnKind::Binary) => "bytea",
        (Backend::Postgres, _) => "text",
        (Backend::Mysql, ColumnKind::Bool | ColumnKind::Duration) => "SIGNED",
        (Backend::Mysql, ColumnKind::Real | ColumnKind::Double) => "DOUBLE",
        (Backend::Mysql, ColumnKind::Decimal) => "DECIMAL(65, 30)",
        (Backend::Mysql, ColumnKind::Date) => "DATE",
        (Backend::Mysql, ColumnKind::Time) => "TIME(6)",
        (Backend::Mysql, ColumnKind::DateTime) => "DATETIME(6)",
        (Backend::Mysql, ColumnKind::Binary) => "BINARY",
        (Backend::Mysql, kind) if kind.is_integer() => "SIGNED",
        (Backend::Mysql, _) => "CHAR",
    }
}
