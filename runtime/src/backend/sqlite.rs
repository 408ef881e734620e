//! SQLite: how it is opened, how values go in and come out.

use std::str::FromStr;

use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteQueryResult, SqliteSynchronous,
};
use sqlx::{Arguments, Column, ConnectOptions, Decode, Row as _, Sqlite, TypeInfo, ValueRef};

use super::cell::{Broken, Cell};
use super::connection::Connection;
use super::connector::{Role, is_memory};
use super::failure::Failure;
use super::{DatabaseSettings, moment};
use crate::value::Value;
use crate::{Error, ErrorKind, Result};

/// A row as the driver holds it.
pub(super) type Row = sqlx::sqlite::SqliteRow;

/// So many rows may wait for their reader. With fewer, the two threads stop and wake each other all the time.
const ROW_BUFFER: usize = 256;

pub(super) async fn connect(settings: &DatabaseSettings, role: Role) -> Result<Connection> {
    let options = options(settings, role).map_err(Failure::from_driver)?;
    let connection = options.connect().await.map_err(Failure::from_driver)?;
    Ok(Connection::Sqlite(connection))
}

fn options(settings: &DatabaseSettings, role: Role) -> sqlx::Result<SqliteConnectOptions> {
    let url = &settings.url;
    let options = SqliteConnectOptions::from_str(url)?
        .foreign_keys(true)
        .busy_timeout(settings.busy_timeout)
        .statement_cache_capacity(settings.statement_cache)
        .row_buffer_size(ROW_BUFFER)
        .with_regexp()
        .pragma("temp_store", "memory")
        .pragma("cache_size", "-8000")
        .disable_statement_logging();
    if is_memory(settings) {
        return Ok(options.shared_cache(false));
    }
    let synchronous =
        if settings.synchronous_normal { SqliteSynchronous::Normal } else { SqliteSynchronous::Full };
    let options = if url.contains("mode=") { options } else { options.create_if_missing(true) };
    let options = if url.contains("mode=ro") || url.contains("immutable=") {
        options
    } else {
        options.journal_mode(SqliteJournalMode::Wal).synchronous(synchronous)
    };
    Ok(match role {
        Role::Writer => options.optimize_on_close(true, 400),
        // A write that slipped through is an error, and not a second writer.
        Role::Reader | Role::Replica => options.pragma("query_only", "on"),
    })
}

pub(super) fn last_insert_id(result: &SqliteQueryResult) -> i64 {
    result.last_insert_rowid()
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

/// SQLite types values, not columns, so the value's own storage class decides.
#[inline]
pub(super) fn cell(row: &Row, index: usize) -> Result<Cell<'_>, Broken> {
    let value = row.try_get_raw(index)?;
    if value.is_null() {
        return Ok(Cell::Null);
    }
    let class = value.type_info();
    match class.name() {
        "INTEGER" => <i64 as Decode<Sqlite>>::decode(value).map(Cell::Int),
        "REAL" => <f64 as Decode<Sqlite>>::decode(value).map(Cell::Float),
        "TEXT" => <&str as Decode<Sqlite>>::decode(value).map(Cell::Text),
        "BLOB" => <&[u8] as Decode<Sqlite>>::decode(value).map(Cell::Bytes),
        other => Ok(Cell::Unknown(other.to_owned())),
    }
}

/// The arguments of a statement in SQLite's storage classes.
pub(super) fn arguments(values: Vec<Value>) -> Result<SqliteArguments> {
    let mut arguments = SqliteArguments::default();
    arguments.reserve(values.len(), 0);
    for (position, value) in values.into_iter().enumerate() {
        add(&mut arguments, value)
            .map_err(|error| Error::from_source(ErrorKind::Database, error))
            .map_err(|error| error.context(format!("value {} cannot be sent to SQLite", position + 1)))?;
    }
    Ok(arguments)
}

fn add(arguments: &mut SqliteArguments, value: Value) -> Result<(), Broken> {
    match value {
        Value::Null(_) => arguments.add(None::<i64>),
        Value::Bool(value) => arguments.add(value),
        Value::Int(value) => arguments.add(value),
        Value::Float(value) => arguments.add(value),
        Value::Decimal(value) => arguments.add(value.to_string()),
        Value::Text(value) => arguments.add(value),
        Value::Date(value) => arguments.add(moment::write_date(value)),
        Value::Time(value) => arguments.add(moment::write_time(value)),
        Value::DateTime(value) => arguments.add(moment::write_datetime(value)),
        Value::Duration(value) => arguments.add(moment::micros(value)?),
        Value::Uuid(value) => arguments.add(value.simple().to_string()),
        Value::Json(value) => arguments.add(value.to_string()),
        Value::Bytes(value) => arguments.add(value),
        Value::Array(..) => Err("a list of values is sent to PostgreSQL only".into()),
        Value::Key(_) => Err("a composite key is sent part by part".into()),
    }
}
