//! MySQL and MariaDB: how they are reached, how values go in and come out.

use std::str::FromStr;

use sqlx::mysql::{MySqlArguments, MySqlConnectOptions, MySqlQueryResult, MySqlTypeInfo};
use sqlx::{Arguments, Column, ConnectOptions, Decode, Executor, MySql, Row as _, Type, TypeInfo, ValueRef};

use super::cell::{Broken, Cell};
use super::connection::Connection;
use super::failure::Failure;
use super::{DatabaseSettings, moment};
use crate::value::{Date, DateTime, Decimal, Time, Value};
use crate::{Error, ErrorKind, Result};

/// A row as the driver holds it.
pub(super) type Row = sqlx::mysql::MySqlRow;

pub(super) async fn connect(settings: &DatabaseSettings) -> Result<Connection> {
    let options = MySqlConnectOptions::from_str(&settings.url)
        .map_err(Failure::from_driver)?
        .statement_cache_capacity(settings.statement_cache)
        .disable_statement_logging();
    let mut connection = options.connect().await.map_err(Failure::from_driver)?;
    connection.execute(STRICT).await.map_err(Failure::from_driver)?;
    Ok(Connection::Mysql(connection))
}

/// A server may be set up to cut texts and numbers until they fit, without a word; for us it refuses them.
const STRICT: &str = "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO')";

/// A key beyond 64 signed bits has no place in a model.
pub(super) fn last_insert_id(result: &MySqlQueryResult) -> i64 {
    i64::try_from(result.last_insert_id()).unwrap_or(0)
}

pub(super) fn len(row: &Row) -> usize {
    row.columns().len()
}

pub(super) fn name(row: &Row, index: usize) -> Option<&str> {
    row.columns().get(index).map(Column::name)
}

/// NULL is told without a look at the type.
#[inline]
pub(super) fn is_null(row: &Row, index: usize) -> Result<bool, Broken> {
    Ok(row.try_get_raw(index)?.is_null())
}

#[inline]
pub(super) fn cell(row: &Row, index: usize) -> Result<Cell<'_>, Broken> {
    let value = row.try_get_raw(index)?;
    if value.is_null() {
        return Ok(Cell::Null);
    }
    let info = value.type_info().into_owned();
    match info.name() {
        "BOOLEAN" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" => {
            <i64 as Decode<MySql>>::decode(value).map(Cell::Int)
        }
        "TINYINT UNSIGNED" | "SMALLINT UNSIGNED" | "MEDIUMINT UNSIGNED" | "INT UNSIGNED"
        | "BIGINT UNSIGNED" | "YEAR" => <u64 as Decode<MySql>>::decode(value).map(unsigned),
        "FLOAT" => <f32 as Decode<MySql>>::decode(value).map(Cell::Single),
        "DOUBLE" => <f64 as Decode<MySql>>::decode(value).map(Cell::Float),
        "DECIMAL" => <Decimal as Decode<MySql>>::decode(value).map(Cell::Decimal),
        "DATE" => <Date as Decode<MySql>>::decode(value).map(Cell::Date),
        "TIME" => <Time as Decode<MySql>>::decode(value).map(Cell::Time),
        "DATETIME" | "TIMESTAMP" => <DateTime as Decode<MySql>>::decode(value).map(Cell::DateTime),
        name => text_or_bytes(value, &info, name),
    }
}

fn unsigned(value: u64) -> Cell<'static> {
    i64::try_from(value).map_or_else(|_| Cell::Decimal(Decimal::from(value)), Cell::Int)
}

/// A column with a `_bin` collation carries the same flag as a binary one; only the collation tells them apart.
fn text_or_bytes<'r>(
    value: sqlx::mysql::MySqlValueRef<'r>,
    info: &MySqlTypeInfo,
    name: &str,
) -> Result<Cell<'r>, Broken> {
    let is_text = <str as Type<MySql>>::compatible(info) || matches!(name, "JSON" | "ENUM" | "SET");
    match name {
        "GEOMETRY" | "NULL" => Ok(Cell::Unknown(name.to_owned())),
        _ if is_text => <&str as Decode<MySql>>::decode(value).map(Cell::Text),
        _ => <&[u8] as Decode<MySql>>::decode(value).map(Cell::Bytes),
    }
}

/// The arguments of a statement in MySQL's types.
pub(super) fn arguments(values: Vec<Value>) -> Result<MySqlArguments> {
    let mut arguments = MySqlArguments::default();
    arguments.reserve(values.len(), 0);
    for (position, value) in values.into_iter().enumerate() {
        add(&mut arguments, value)
            .map_err(|error| Error::from_source(ErrorKind::Database, error))
            .map_err(|error| error.context(format!("value {} cannot be sent to MySQL", position + 1)))?;
    }
    Ok(arguments)
}

fn add(arguments: &mut MySqlArguments, value: Value) -> Result<(), Broken> {
    match value {
        Value::Null(_) => arguments.add(None::<&str>),
        Value::Bool(value) => arguments.add(value),
        Value::Int(value) => arguments.add(value),
        Value::Float(value) => arguments.add(value),
        Value::Decimal(value) => arguments.add(value),
        Value::Text(value) => arguments.add(value),
        Value::Date(value) => arguments.add(value),
        Value::Time(value) => arguments.add(value),
        Value::DateTime(value) => arguments.add(value.naive_utc()),
        Value::Duration(value) => arguments.add(moment::micros(value)?),
        Value::Uuid(value) => arguments.add(value.simple().to_string()),
        Value::Json(value) => arguments.add(value.to_string()),
        Value::Bytes(value) => arguments.add(value),
        Value::Array(..) => Err("a list of values is sent to PostgreSQL only".into()),
        Value::Key(_) => Err("a composite key is sent part by part".into()),
    }
}
