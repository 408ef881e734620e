//! Expressions as SQL.

use nuages_schema::{Backend, ColumnKind};

use super::Writer;
use crate::error::Result;
use crate::expr::{Aggregate, AggregateFunction, Condition, Expr, Function, Operator};
use crate::field::ColumnRef;
use crate::value::Value;

impl Writer {
    /// Writes an expression.
    pub(crate) fn expr(&mut self, expr: &Expr) -> Result<()> {
        match expr {
            Expr::Column(column) => self.column(*column),
            Expr::Outer(column) => self.outer_column(*column),
            Expr::Value(value) => {
                self.value(value.clone());
                Ok(())
            }
            Expr::Binary(left, operator, right) => self.exact(expr, |w| w.binary(left, *operator, right)),
            Expr::Call(function, arguments) => self.call(*function, arguments),
            Expr::Aggregate(aggregate) => self.exact(expr, |w| w.aggregate(aggregate)),
            Expr::Case(branches, otherwise) => self.case(branches, otherwise),
            Expr::Condition(condition) => self.condition(condition),
            Expr::Subquery(select) => {
                self.push("(");
                super::select::write_one(self, select)?;
                self.push(")");
                Ok(())
            }
            Expr::Cast(inner, kind) => self.cast(|w| w.expr(inner), *kind),
        }
    }

    fn binary(&mut self, left: &Expr, operator: Operator, right: &Expr) -> Result<()> {
        let word = match operator {
            Operator::Add => " + ",
            Operator::Subtract => " - ",
            Operator::Multiply => " * ",
            Operator::Divide | Operator::Modulo => return self.divided(left, operator, right),
        };
        self.push("(");
        self.expr(left)?;
        self.push(word);
        self.expr(right)?;
        self.push(")");
        Ok(())
    }

    fn case(&mut self, branches: &[(Condition, Expr)], otherwise: &Expr) -> Result<()> {
        self.push("CASE");
        for (condition, value) in branches {
            self.push(" WHEN ");
            self.condition(condition)?;
            self.push(" THEN ");
            self.expr(value)?;
        }
        self.push(" ELSE ");
        self.expr(otherwise)?;
        self.push(" END");
        Ok(())
    }

    fn call(&mut self, function: Function, arguments: &[Expr]) -> Result<()> {
        match function {
            Function::Year | Function::Month | Function::Day => self.extract(function, &arguments[0]),
            Function::Date => self.date(&arguments[0]),
            Function::Now => {
                self.push(match self.backend {
                    // Six digits, or none for a whole second: the very text that a value is sent as.
                    Backend::Sqlite => "REPLACE(STRFTIME('%Y-%m-%d %H:%M:%f000', 'now'), '.000000', '')",
                    Backend::Postgres => "STATEMENT_TIMESTAMP()",
                    Backend::Mysql => "UTC_TIMESTAMP(6)",
                });
                Ok(())
            }
            Function::Concat => self.concat(arguments),
            Function::Coalesce => self.named("COALESCE(", arguments),
            Function::Lower => self.named("LOWER(", arguments),
            Function::Upper => self.named("UPPER(", arguments),
            Function::Abs => self.named("ABS(", arguments),
            Function::Round => self.named("ROUND(", arguments),
            Function::Length if self.backend == Backend::Mysql => self.named("CHAR_LENGTH(", arguments),
            Function::Length => self.named("LENGTH(", arguments),
        }
    }

    fn named(&mut self, open: &str, arguments: &[Expr]) -> Result<()> {
        self.push(open);
        self.list(arguments)?;
        self.push(")");
        Ok(())
    }

    fn list(&mut self, expressions: &[Expr]) -> Result<()> {
        for (at, expr) in expressions.iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            self.expr(expr)?;
        }
        Ok(())
    }

    /// NULL counts as nothing, as in Django.
    fn concat(&mut self, arguments: &[Expr]) -> Result<()> {
        let between = if self.backend == Backend::Mysql { ", " } else { " || " };
        self.push(if self.backend == Backend::Mysql { "CONCAT(" } else { "(" });
        for (at, argument) in arguments.iter().enumerate() {
            if at > 0 {
                self.push(between);
            }
            self.push("COALESCE(");
            self.cast(|w| w.expr(argument), ColumnKind::Text)?;
            self.push(", '')");
        }
        self.push(")");
        Ok(())
    }

    fn extract(&mut self, function: Function, argument: &Expr) -> Result<()> {
        let (word, format) = match function {
            Function::Year => ("YEAR", "%Y"),
            Function::Month => ("MONTH", "%m"),
            _ => ("DAY", "%d"),
        };
        match self.backend {
            Backend::Sqlite => {
                self.push(&format!("CAST(strftime('{format}', "));
                self.expr(argument)?;
                self.push(") AS INTEGER)");
            }
            Backend::Postgres => {
                self.push(&format!("CAST(EXTRACT({word} FROM "));
                self.in_utc(argument)?;
                self.push(") AS integer)");
            }
            Backend::Mysql => {
                self.push(&format!("EXTRACT({word} FROM "));
                self.expr(argument)?;
                self.push(")");
            }
        }
        Ok(())
    }

    fn date(&mut self, argument: &Expr) -> Result<()> {
        match self.backend {
            Backend::Postgres => {
                self.push("CAST(");
                self.in_utc(argument)?;
                self.push(" AS date)");
                Ok(())
            }
            Backend::Sqlite => self.named("date(", std::slice::from_ref(argument)),
            Backend::Mysql => self.named("DATE(", std::slice::from_ref(argument)),
        }
    }

    /// PostgreSQL reads an instant in the session's zone unless told otherwise.
    fn in_utc(&mut self, argument: &Expr) -> Result<()> {
        self.push("(");
        self.expr(argument)?;
        self.push(if kind_of(argument) == ColumnKind::DateTime { " AT TIME ZONE 'UTC')" } else { ")" });
        Ok(())
    }

    /// Writes `CAST(… AS …)`.
    pub(super) fn cast(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<()>,
        kind: ColumnKind,
    ) -> Result<()> {
        self.push("CAST(");
        inner(self)?;
        self.push(" AS ");
        self.push(cast_type(self.backend, kind));
        self.push(")");
        Ok(())
    }

    fn aggregate(&mut self, aggregate: &Aggregate) -> Result<()> {
        let to_many =
            columns_of_aggregate(aggregate).into_iter().find_map(|column| self.first_to_many(column.hops));
        match to_many {
            // One subquery per aggregate: two of them over different relations do not multiply each other's rows.
            Some(hop) => super::select::related(self, hop, |w| w.plain_aggregate(aggregate), None),
            None => self.plain_aggregate(aggregate),
        }
    }

    fn plain_aggregate(&mut self, aggregate: &Aggregate) -> Result<()> {
        let kind = aggregate.argument.as_ref().map_or(ColumnKind::BigInt, kind_of);
        let result = match aggregate.function {
            AggregateFunction::Sum if kind.is_integer() => Some(ColumnKind::BigInt),
            AggregateFunction::Avg if kind != ColumnKind::Decimal => Some(ColumnKind::Double),
            _ => None,
        };
        match result {
            Some(kind) => self.cast(|w| w.bare_aggregate(aggregate), kind),
            None => self.bare_aggregate(aggregate),
        }
    }

    fn bare_aggregate(&mut self, aggregate: &Aggregate) -> Result<()> {
        self.push(match aggregate.function {
            AggregateFunction::Count => "COUNT(",
            AggregateFunction::Sum => "SUM(",
            AggregateFunction::Avg => "AVG(",
            AggregateFunction::Min => "MIN(",
            AggregateFunction::Max => "MAX(",
        });
        if aggregate.distinct {
            self.push("DISTINCT ");
        }
        match (&aggregate.argument, &aggregate.filter) {
            (None, None) => self.push("*"),
            (Some(argument), None) => self.expr(argument)?,
            // CASE works on all three; FILTER does not.
            (argument, Some(filter)) => {
                self.push("CASE WHEN ");
                self.condition(filter)?;
                self.push(" THEN ");
                match argument {
                    Some(argument) => self.expr(argument)?,
                    None => self.push("1"),
                }
                self.push(" END");
            }
        }
        self.push(")");
        Ok(())
    }
}

const fn cast_type(backend: Backend, kind: ColumnKind) -> &'static str {
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

/// What an expression holds, as far as its parts tell.
pub(crate) fn kind_of(expr: &Expr) -> ColumnKind {
    match expr {
        Expr::Column(column) | Expr::Outer(column) => (column.field().kind)(),
        Expr::Value(value) => value.kind(),
        Expr::Binary(left, _, right) => wider(kind_of(left), kind_of(right)),
        Expr::Call(function, arguments) => match function {
            Function::Lower | Function::Upper | Function::Concat => ColumnKind::Text,
            Function::Length => ColumnKind::BigInt,
            Function::Year | Function::Month | Function::Day => ColumnKind::Integer,
            Function::Now => ColumnKind::DateTime,
            Function::Date => ColumnKind::Date,
            Function::Coalesce | Function::Abs | Function::Round => {
                arguments.first().map_or(ColumnKind::Text, kind_of)
            }
        },
        Expr::Aggregate(aggregate) => match (aggregate.function, &aggregate.argument) {
            (AggregateFunction::Count, _) | (_, None) => ColumnKind::BigInt,
            (AggregateFunction::Avg, Some(argument)) if kind_of(argument) != ColumnKind::Decimal => {
                ColumnKind::Double
            }
            (_, Some(argument)) => kind_of(argument),
        },
        Expr::Case(_, otherwise) => kind_of(otherwise),
        Expr::Condition(_) => ColumnKind::Bool,
        Expr::Subquery(select) => select.parts.first().map_or(ColumnKind::Text, |part| match part {
            crate::query::Part::Value(expr) => kind_of(expr),
            _ => (select.model.key_field().kind)(),
        }),
        Expr::Cast(_, kind) => *kind,
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

/// The columns of an aggregate.
pub(super) fn columns_of_aggregate(aggregate: &Aggregate) -> Vec<ColumnRef> {
    let mut columns = Vec::new();
    if let Some(argument) = &aggregate.argument {
        collect(argument, &mut columns);
    }
    if let Some(filter) = &aggregate.filter {
        super::condition::collect(filter, &mut columns);
    }
    columns
}

/// The columns of an expression that belong to the same query; those of aggregates over relations included.
pub(super) fn collect(expr: &Expr, into: &mut Vec<ColumnRef>) {
    match expr {
        Expr::Column(column) => into.push(*column),
        Expr::Binary(left, _, right) => {
            collect(left, into);
            collect(right, into);
        }
        Expr::Call(_, arguments) => arguments.iter().for_each(|argument| collect(argument, into)),
        Expr::Case(branches, otherwise) => {
            for (condition, value) in branches {
                super::condition::collect(condition, into);
                collect(value, into);
            }
            collect(otherwise, into);
        }
        Expr::Condition(condition) => super::condition::collect(condition, into),
        Expr::Cast(inner, _) => collect(inner, into),
        // An aggregate stands for itself: its rows are not those of the query.
        Expr::Aggregate(_) | Expr::Outer(_) | Expr::Value(_) | Expr::Subquery(_) => {}
    }
}

/// Whether an expression holds an aggregate over the rows of the query itself.
pub(super) fn has_plain_aggregate(expr: &Expr) -> bool {
    match expr {
        Expr::Aggregate(aggregate) => {
            let to_many = |column: &ColumnRef| {
                column.hops.is_some_and(|hop| hop.chain().iter().any(|hop| hop.is_to_many()))
            };
            !columns_of_aggregate(aggregate).iter().any(to_many)
        }
        Expr::Binary(left, _, right) => has_plain_aggregate(left) || has_plain_aggregate(right),
        Expr::Call(_, arguments) => arguments.iter().any(has_plain_aggregate),
        Expr::Case(branches, otherwise) => {
            has_plain_aggregate(otherwise) || branches.iter().any(|(_, value)| has_plain_aggregate(value))
        }
        Expr::Condition(condition) => super::condition::has_plain_aggregate(condition),
        Expr::Cast(inner, _) => has_plain_aggregate(inner),
        Expr::Column(_) | Expr::Outer(_) | Expr::Value(_) | Expr::Subquery(_) => false,
    }
}

/// A literal one as a value, for tests of existence.
pub(super) const fn one() -> Value {
    Value::Int(1)
}

/// Whether an expression holds any aggregate or subquery.
pub(super) fn has_aggregate(expr: &Expr) -> bool {
    match expr {
        Expr::Aggregate(_) | Expr::Subquery(_) | Expr::Outer(_) => true,
        Expr::Binary(left, _, right) => has_aggregate(left) || has_aggregate(right),
        Expr::Call(_, arguments) => arguments.iter().any(has_aggregate),
        Expr::Case(branches, otherwise) => {
            let inside = |(condition, value): &(Condition, Expr)| {
                super::condition::has_aggregate(condition) || has_aggregate(value)
            };
            has_aggregate(otherwise) || branches.iter().any(inside)
        }
        Expr::Condition(condition) => super::condition::has_aggregate(condition),
        Expr::Cast(inner, _) => has_aggregate(inner),
        Expr::Column(_) | Expr::Value(_) => false,
    }
}
