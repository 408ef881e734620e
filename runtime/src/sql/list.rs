//! `IN` with a list: of any length, on every database.

use nuages_schema::{Backend, ColumnKind};

use super::Writer;
use super::kind::kind_of;
use crate::backend::{write_date, write_datetime, write_time};
use crate::error::Result;
use crate::expr::Expr;
use crate::value::{Json, Value};

/// Longer lists are bound as one value: each database has a limit of values per statement.
pub(super) const LONG_LIST: usize = 100;

/// So many values are bound one by one on MySQL, which takes 65,535 values in a statement. Texts out of a bound JSON
/// list have the collation of the database, and MySQL refuses to compare them with a column of another one that is
/// no `_bin`, as adopted tables have; a bound value takes the column's. The same where rows are changed: MariaDB reads
/// the JSON list anew for each row of the table that it changes.
const MOST_VALUES: usize = 20_000;

impl Writer {
    pub(super) fn is_in(&mut self, left: &Expr, values: &[Value]) -> Result<()> {
        if let Expr::Column(column) = left
            && column.is_composite()
        {
            return self.key_is_in(*column, values);
        }
        let values = self.to_look_for(values);
        if values.is_empty() {
            self.push("1 = 0");
            return Ok(());
        }
        let kind = kind_of(left);
        self.expr(left)?;
        if self.backend == Backend::Postgres {
            self.push(" = ANY(");
            self.value(Value::Array(kind, values));
            self.push(")");
            return Ok(());
        }
        let one_by_one = has_collation(&values[0]) || self.is_at_target();
        if self.backend == Backend::Mysql && one_by_one && values.len() <= MOST_VALUES {
            self.in_values(padded(values));
            return Ok(());
        }
        let json = if values.len() > LONG_LIST { json_list(&values) } else { None };
        match json {
            Some(json) => self.in_json(values[0].kind(), json),
            None => self.in_values(values),
        }
        Ok(())
    }

    /// NULL equals nothing; a text with a NUL is in no column of PostgreSQL; and there are only two truths.
    fn to_look_for(&self, values: &[Value]) -> Vec<Value> {
        let postgres = self.backend == Backend::Postgres;
        let possible = |value: &&Value| match value {
            Value::Null(_) => false,
            Value::Text(text) => !(postgres && text.contains('\0')),
            _ => true,
        };
        let mut values: Vec<Value> = values.iter().filter(possible).cloned().collect();
        if let Some(Value::Bool(_)) = values.first() {
            let both = [false, true].map(Value::Bool);
            values = both.into_iter().filter(|truth| values.contains(truth)).collect();
        }
        values
    }

    fn in_values(&mut self, values: Vec<Value>) {
        self.push(" IN (");
        for (at, value) in values.into_iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            self.value(value);
        }
        self.push(")");
    }

    fn in_json(&mut self, kind: ColumnKind, json: Value) {
        if self.backend == Backend::Sqlite {
            let value = match kind {
                ColumnKind::Decimal => "CAST(value AS NUMERIC)",
                ColumnKind::Binary => "UNHEX(value)",
                _ => "value",
            };
            self.push(&format!(" IN (SELECT {value} FROM json_each("));
            self.value(json);
            self.push("))");
            return;
        }
        let value = if kind == ColumnKind::Binary { "UNHEX(listed.v)" } else { "listed.v" };
        self.push(&format!(" IN (SELECT {value} FROM JSON_TABLE("));
        self.value(json);
        self.push(&format!(", '$[*]' COLUMNS (v {} PATH '$')) AS listed)", listed_type(kind)));
    }
}

/// A value that MySQL keeps as text.
pub(super) const fn has_collation(value: &Value) -> bool {
    matches!(value, Value::Text(_) | Value::Uuid(_))
}

/// A long list, filled up with its last value to the next power of two: so there are few statements to prepare.
fn padded(mut values: Vec<Value>) -> Vec<Value> {
    if values.len() > LONG_LIST {
        let last = values[values.len() - 1].clone();
        values.resize(values.len().next_power_of_two(), last);
    }
    values
}

/// The type of a list's values in a table of MySQL's.
pub(super) const fn listed_type(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Real | ColumnKind::Double => "DOUBLE",
        ColumnKind::Decimal => "DECIMAL(65, 30)",
        ColumnKind::Date => "DATE",
        ColumnKind::Time => "TIME(6)",
        ColumnKind::DateTime => "DATETIME(6)",
        ColumnKind::Uuid => "CHAR(32)",
        ColumnKind::Duration => "BIGINT",
        kind if kind.is_integer() => "BIGINT",
        _ => "LONGTEXT",
    }
}

/// The list as one JSON text; none where a value has no form there.
fn json_list(values: &[Value]) -> Option<Value> {
    let list: Option<Vec<Json>> = values.iter().map(json_value).collect();
    Some(Value::Text(Json::Array(list?).to_string()))
}

/// A value as the database holds it.
pub(super) fn json_value(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Int(number) => Json::from(*number),
        Value::Float(number) if number.is_finite() => Json::from(*number),
        Value::Decimal(number) => Json::from(number.to_string()),
        Value::Text(text) => Json::from(text.as_str()),
        Value::Date(date) => Json::from(write_date(*date)),
        Value::Time(time) => Json::from(write_time(*time)),
        Value::DateTime(instant) => Json::from(write_datetime(*instant)),
        Value::Duration(length) => Json::from(length.num_microseconds()?),
        Value::Uuid(uuid) => Json::from(uuid.simple().to_string()),
        Value::Bytes(bytes) => Json::from(hex(bytes)),
        _ => return None,
    })
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
