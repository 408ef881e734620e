//! How each database spells the functions.

use nuages_schema::{Backend, ColumnKind};

use super::Writer;
use super::kind::kind_of;
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{DatabaseFunction, DatePart, Expr, Function};

impl Writer {
    pub(super) fn call(&mut self, function: Function, arguments: &[Expr]) -> Result<()> {
        match function {
            Function::Concat => return self.concat(arguments),
            Function::Collate(name) => return self.collate(name, &arguments[0]),
            Function::JsonObject | Function::JsonArray => return self.made_json(function, arguments),
            Function::Extract(_) | Function::Truncated(_) | Function::Date | Function::Time => {
                return self.spelled(
                    date_spelling(function, self.backend),
                    &|w, at| w.local(&arguments[at]),
                    1,
                );
            }
            _ => {}
        }
        let float =
            arguments.first().is_some_and(|a| matches!(kind_of(a), ColumnKind::Real | ColumnKind::Double));
        let spelling = match self.backend {
            Backend::Sqlite if needs_maths(function) && !self.maths => None,
            Backend::Sqlite => on_sqlite(function),
            Backend::Postgres => on_postgres(function, float),
            Backend::Mysql => on_mysql(function, float),
        };
        let Some(spelling) = spelling else { return Err(self.lacks(&format!("{function:?}"))) };
        self.spelled(spelling, &|w, at| w.expr(&arguments[at]), arguments.len())
    }

    /// Writes a function of the user's own.
    pub(super) fn custom(&mut self, function: &DatabaseFunction, arguments: &[Expr]) -> Result<()> {
        let Some(spelling) = function.spelling(self.backend) else {
            return Err(self.lacks("a function of this query"));
        };
        self.spelled(spelling, &|w, at| arguments.get(at).map_or(Ok(()), |a| w.expr(a)), arguments.len())
    }

    /// The error of what this database does not have.
    pub(super) fn lacks(&self, what: &str) -> Error {
        Error::new(ErrorKind::NotSupported, format!("{} has nothing for {what}", self.backend.title()))
    }

    /// Writes a spelling: `{0}`, `{1}` … stand for arguments, `{*}` for all with commas between.
    pub(super) fn spelled(
        &mut self,
        spelling: &str,
        argument: &dyn Fn(&mut Self, usize) -> Result<()>,
        count: usize,
    ) -> Result<()> {
        let mut rest = spelling;
        while let Some((before, after)) = rest.split_once('{') {
            self.push(before);
            let (place, behind) = after.split_once('}').unwrap_or((after, ""));
            if place == "*" {
                for at in 0..count {
                    self.push(if at > 0 { ", " } else { "" });
                    argument(self, at)?;
                }
            } else {
                argument(self, place.parse().unwrap_or(0))?;
            }
            rest = behind;
        }
        self.push(rest);
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

    fn collate(&mut self, name: &str, argument: &Expr) -> Result<()> {
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '@')) {
            let text = format!("`{name}` is not the name of a collation");
            return Err(Error::new(ErrorKind::Validation, text));
        }
        self.push("(");
        self.expr(argument)?;
        self.push(" COLLATE ");
        match self.backend {
            Backend::Mysql => self.push(name),
            _ => self.name(name)?,
        }
        self.push(")");
        Ok(())
    }
}

/// What SQLite has only when it was compiled with its maths functions.
const fn needs_maths(function: Function) -> bool {
    matches!(function, Function::Power | Function::Sqrt | Function::Exp | Function::Ln)
}

const fn on_sqlite(function: Function) -> Option<&'static str> {
    Some(match function {
        Function::Coalesce => "COALESCE({*})",
        Function::Lower => "LOWER({0})",
        Function::Upper => "UPPER({0})",
        Function::Length => "LENGTH({0})",
        Function::Trim => "TRIM({0})",
        Function::TrimStart => "LTRIM({0})",
        Function::TrimEnd => "RTRIM({0})",
        Function::Left => "SUBSTR({0}, 1, {1})",
        Function::Right => "SUBSTR({0}, MAX(LENGTH({0}) - {1}, 0) + 1)",
        Function::Substr => "SUBSTR({0}, {1}, {2})",
        Function::Replace => "REPLACE({0}, {1}, {2})",
        Function::StrIndex => "INSTR({0}, {1})",
        // The zeros of a blob, each two digits, make a text of any length.
        Function::Repeat => "REPLACE(HEX(ZEROBLOB({1})), '00', {0})",
        Function::PadStart => {
            "(SUBSTR(REPLACE(HEX(ZEROBLOB(MAX({1} - LENGTH({0}), 0))), '00', {2}), 1) || SUBSTR({0}, 1, {1}))"
        }
        Function::PadEnd => {
            "(SUBSTR({0}, 1, {1}) || REPLACE(HEX(ZEROBLOB(MAX({1} - LENGTH({0}), 0))), '00', {2}))"
        }
        // Six digits, or none for a whole second: the very text that a value is sent as.
        Function::Now => "REPLACE(STRFTIME('%Y-%m-%d %H:%M:%f000', 'now'), '.000000', '')",
        Function::Abs => "ABS({0})",
        Function::Ceil => "(CAST({0} AS INTEGER) + ({0} > CAST({0} AS INTEGER)))",
        Function::Floor => "(CAST({0} AS INTEGER) - ({0} < CAST({0} AS INTEGER)))",
        Function::Round => "ROUND({0}, {1})",
        Function::Sign => "(({0} > 0) - ({0} < 0))",
        Function::Power => "POWER({0}, {1})",
        Function::Sqrt => "SQRT({0})",
        Function::Exp => "EXP({0})",
        Function::Ln => "LN({0})",
        Function::Truncate => "{0}",
        Function::Random => "(RANDOM() / 18446744073709551616.0 + 0.5)",
        Function::Greatest => "MAX({*})",
        Function::Least => "MIN({*})",
        Function::NullIf => "NULLIF({0}, {1})",
        _ => return None,
    })
}

const fn on_postgres(function: Function, float: bool) -> Option<&'static str> {
    Some(match function {
        Function::Coalesce => "COALESCE({*})",
        Function::Lower => "LOWER({0})",
        Function::Upper => "UPPER({0})",
        Function::Length => "LENGTH({0})",
        Function::Trim => "TRIM({0})",
        Function::TrimStart => "LTRIM({0})",
        Function::TrimEnd => "RTRIM({0})",
        Function::Left => "LEFT({0}, CAST({1} AS integer))",
        Function::Right => "RIGHT({0}, CAST({1} AS integer))",
        Function::Substr => "SUBSTRING({0}, CAST({1} AS integer), CAST({2} AS integer))",
        Function::Replace => "REPLACE({0}, {1}, {2})",
        Function::StrIndex => "STRPOS({0}, {1})",
        Function::Repeat => "REPEAT({0}, CAST({1} AS integer))",
        Function::PadStart => "LPAD({0}, CAST({1} AS integer), {2})",
        Function::PadEnd => "RPAD({0}, CAST({1} AS integer), {2})",
        Function::Reverse => "REVERSE({0})",
        Function::Md5 => "MD5({0})",
        Function::Sha256 => "ENCODE(SHA256(CONVERT_TO({0}, 'UTF8')), 'hex')",
        Function::Now => "STATEMENT_TIMESTAMP()",
        Function::Abs => "ABS({0})",
        Function::Ceil => "CEIL({0})",
        Function::Floor => "FLOOR({0})",
        // Floats have no rounding to places, and halves go to the even number.
        Function::Round if float => {
            "CAST(ROUND(CAST({0} AS numeric), CAST({1} AS integer)) AS double precision)"
        }
        Function::Round => "ROUND({0}, CAST({1} AS integer))",
        Function::Sign => "CAST(SIGN({0}) AS integer)",
        Function::Power => "POWER(CAST({0} AS double precision), {1})",
        Function::Sqrt => "SQRT(CAST({0} AS double precision))",
        Function::Exp => "EXP(CAST({0} AS double precision))",
        Function::Ln => "LN(CAST({0} AS double precision))",
        Function::Truncate => "TRUNC({0})",
        Function::Random => "RANDOM()",
        // The others give NULL where any is NULL.
        Function::Greatest => "CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN GREATEST({*}) END",
        Function::Least => "CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN LEAST({*}) END",
        Function::NullIf => "NULLIF({0}, {1})",
        _ => return None,
    })
}

const fn on_mysql(function: Function, float: bool) -> Option<&'static str> {
    Some(match function {
        Function::Coalesce => "COALESCE({*})",
        Function::Lower => "LOWER({0})",
        Function::Upper => "UPPER({0})",
        Function::Length => "CHAR_LENGTH({0})",
        Function::Trim => "TRIM({0})",
        Function::TrimStart => "LTRIM({0})",
        Function::TrimEnd => "RTRIM({0})",
        Function::Left => "LEFT({0}, {1})",
        Function::Right => "RIGHT({0}, {1})",
        Function::Substr => "SUBSTRING({0}, {1}, {2})",
        Function::Replace => "REPLACE({0}, {1}, {2})",
        Function::StrIndex => "INSTR({0}, {1})",
        Function::Repeat => "REPEAT({0}, {1})",
        Function::PadStart => "LPAD({0}, {1}, {2})",
        Function::PadEnd => "RPAD({0}, {1}, {2})",
        Function::Reverse => "REVERSE({0})",
        Function::Md5 => "MD5({0})",
        Function::Sha256 => "SHA2({0}, 256)",
        Function::Now => "UTC_TIMESTAMP(6)",
        Function::Abs => "ABS({0})",
        Function::Ceil => "CEIL({0})",
        Function::Floor => "FLOOR({0})",
        // Halves of floats go where the C library says.
        Function::Round if float => "CAST(ROUND(CAST({0} AS DECIMAL(65, 30)), {1}) AS DOUBLE)",
        Function::Round => "ROUND({0}, {1})",
        Function::Sign => "SIGN({0})",
        Function::Power => "POWER({0}, {1})",
        Function::Sqrt => "SQRT({0})",
        Function::Exp => "EXP({0})",
        Function::Ln => "LN({0})",
        Function::Truncate => "TRUNCATE({0}, 0)",
        Function::Random => "RAND()",
        Function::Greatest => "GREATEST({*})",
        Function::Least => "LEAST({*})",
        Function::NullIf => "NULLIF({0}, {1})",
        _ => return None,
    })
}

/// Of dates: the argument is what a clock shows, in UTC or in a zone.
const fn date_spelling(function: Function, backend: Backend) -> &'static str {
    match (function, backend) {
        (Function::Date, Backend::Sqlite) => "date({0})",
        (Function::Date, Backend::Postgres) => "CAST({0} AS date)",
        (Function::Date, Backend::Mysql) => "DATE({0})",
        (Function::Time, Backend::Sqlite) => "SUBSTR({0}, 12)",
        (Function::Time, Backend::Postgres) => "CAST({0} AS time)",
        (Function::Time, Backend::Mysql) => "TIME({0})",
        (Function::Extract(part), Backend::Sqlite) => extract_on_sqlite(part),
        (Function::Extract(part), Backend::Postgres) => extract_on_postgres(part),
        (Function::Extract(part), Backend::Mysql) => extract_on_mysql(part),
        (Function::Truncated(part), Backend::Sqlite) => truncated_on_sqlite(part),
        (Function::Truncated(part), Backend::Postgres) => truncated_on_postgres(part),
        (Function::Truncated(part), Backend::Mysql) => truncated_on_mysql(part),
        _ => "{0}",
    }
}

/// What goes by the day's number is asked of the date alone: a late fraction of a second would be rounded up.
const fn extract_on_sqlite(part: DatePart) -> &'static str {
    match part {
        DatePart::Year => "CAST(strftime('%Y', {0}) AS INTEGER)",
        DatePart::IsoYear => "CAST(strftime('%G', SUBSTR({0}, 1, 10)) AS INTEGER)",
        DatePart::Quarter => "((CAST(strftime('%m', {0}) AS INTEGER) + 2) / 3)",
        DatePart::Month => "CAST(strftime('%m', {0}) AS INTEGER)",
        DatePart::Week => "CAST(strftime('%V', SUBSTR({0}, 1, 10)) AS INTEGER)",
        DatePart::Day => "CAST(strftime('%d', {0}) AS INTEGER)",
        DatePart::WeekDay => "(CAST(strftime('%w', SUBSTR({0}, 1, 10)) AS INTEGER) + 1)",
        DatePart::IsoWeekDay => "CAST(strftime('%u', SUBSTR({0}, 1, 10)) AS INTEGER)",
        DatePart::Hour => "CAST(strftime('%H', {0}) AS INTEGER)",
        DatePart::Minute => "CAST(strftime('%M', {0}) AS INTEGER)",
        DatePart::Second => "CAST(strftime('%S', {0}) AS INTEGER)",
    }
}

const fn extract_on_postgres(part: DatePart) -> &'static str {
    match part {
        DatePart::Year => "CAST(EXTRACT(YEAR FROM {0}) AS integer)",
        DatePart::IsoYear => "CAST(EXTRACT(ISOYEAR FROM {0}) AS integer)",
        DatePart::Quarter => "CAST(EXTRACT(QUARTER FROM {0}) AS integer)",
        DatePart::Month => "CAST(EXTRACT(MONTH FROM {0}) AS integer)",
        DatePart::Week => "CAST(EXTRACT(WEEK FROM {0}) AS integer)",
        DatePart::Day => "CAST(EXTRACT(DAY FROM {0}) AS integer)",
        DatePart::WeekDay => "(CAST(EXTRACT(DOW FROM {0}) AS integer) + 1)",
        DatePart::IsoWeekDay => "CAST(EXTRACT(ISODOW FROM {0}) AS integer)",
        DatePart::Hour => "CAST(EXTRACT(HOUR FROM {0}) AS integer)",
        DatePart::Minute => "CAST(EXTRACT(MINUTE FROM {0}) AS integer)",
        DatePart::Second => "CAST(FLOOR(EXTRACT(SECOND FROM {0})) AS integer)",
    }
}

const fn extract_on_mysql(part: DatePart) -> &'static str {
    match part {
        DatePart::Year => "EXTRACT(YEAR FROM {0})",
        DatePart::IsoYear => "(YEARWEEK({0}, 3) DIV 100)",
        DatePart::Quarter => "QUARTER({0})",
        DatePart::Month => "EXTRACT(MONTH FROM {0})",
        DatePart::Week => "WEEK({0}, 3)",
        DatePart::Day => "EXTRACT(DAY FROM {0})",
        DatePart::WeekDay => "DAYOFWEEK({0})",
        DatePart::IsoWeekDay => "(WEEKDAY({0}) + 1)",
        DatePart::Hour => "HOUR({0})",
        DatePart::Minute => "MINUTE({0})",
        DatePart::Second => "SECOND({0})",
    }
}

const fn truncated_on_sqlite(part: DatePart) -> &'static str {
    match part {
        DatePart::Year => "(SUBSTR({0}, 1, 4) || '-01-01')",
        DatePart::Quarter => {
            "date(SUBSTR({0}, 1, 7) || '-01', '-' || ((CAST(SUBSTR({0}, 6, 2) AS INTEGER) - 1) % 3) || ' months')"
        }
        DatePart::Month => "(SUBSTR({0}, 1, 7) || '-01')",
        DatePart::Week => "date(SUBSTR({0}, 1, 10), '-6 days', 'weekday 1')",
        DatePart::Hour => "(SUBSTR({0}, 1, 13) || ':00:00')",
        DatePart::Minute => "(SUBSTR({0}, 1, 16) || ':00')",
        DatePart::Second => "SUBSTR({0}, 1, 19)",
        _ => "SUBSTR({0}, 1, 10)",
    }
}

const fn truncated_on_postgres(part: DatePart) -> &'static str {
    match part {
        DatePart::Year => "CAST(DATE_TRUNC('year', CAST({0} AS timestamp)) AS date)",
        DatePart::Quarter => "CAST(DATE_TRUNC('quarter', CAST({0} AS timestamp)) AS date)",
        DatePart::Month => "CAST(DATE_TRUNC('month', CAST({0} AS timestamp)) AS date)",
        DatePart::Week => "CAST(DATE_TRUNC('week', CAST({0} AS timestamp)) AS date)",
        DatePart::Hour => "(DATE_TRUNC('hour', {0}) AT TIME ZONE 'UTC')",
        DatePart::Minute => "(DATE_TRUNC('minute', {0}) AT TIME ZONE 'UTC')",
        DatePart::Second => "(DATE_TRUNC('second', {0}) AT TIME ZONE 'UTC')",
        _ => "CAST({0} AS date)",
    }
}

const fn truncated_on_mysql(part: DatePart) -> &'static str {
    match part {
        DatePart::Year => "MAKEDATE(YEAR({0}), 1)",
        DatePart::Quarter => "DATE_ADD(MAKEDATE(YEAR({0}), 1), INTERVAL QUARTER({0}) - 1 QUARTER)",
        DatePart::Month => "CAST(DATE_FORMAT({0}, '%Y-%m-01') AS DATE)",
        DatePart::Week => "DATE_SUB(DATE({0}), INTERVAL WEEKDAY({0}) DAY)",
        DatePart::Hour => "CAST(DATE_FORMAT({0}, '%Y-%m-%d %H:00:00') AS DATETIME)",
        DatePart::Minute => "CAST(DATE_FORMAT({0}, '%Y-%m-%d %H:%i:00') AS DATETIME)",
        DatePart::Second => "CAST(DATE_FORMAT({0}, '%Y-%m-%d %H:%i:%s') AS DATETIME)",
        _ => "DATE({0})",
    }
}
