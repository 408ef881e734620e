//! PostgreSQL: how it is reached, how values go in and come out.

use std::borrow::Cow;
use std::str::FromStr;

use nuages_schema::ColumnKind;
use sqlx::postgres::{
    PgArguments, PgConnectOptions, PgQueryResult, PgTypeInfo, PgTypeKind, PgValueFormat, PgValueRef,
};
use sqlx::{Arguments, Column, ConnectOptions, Decode, Postgres, Row as _, TypeInfo, ValueRef};

use super::cell::{Broken, Cell};
use super::connection::Connection;
use super::failure::Failure;
use super::{DatabaseSettings, Statement, moment};
use crate::value::{Date, DateTime, Decimal, Json, Time, Uuid, Value, has_nul};
use crate::{Error, ErrorKind, Result};

/// A row as the driver holds it.
pub(super) type Row = sqlx::postgres::PgRow;

pub(super) async fn connect(settings: &DatabaseSettings) -> Result<Connection> {
    let options = PgConnectOptions::from_str(&settings.url)
        .map_err(Failure::from_driver)?
        .statement_cache_capacity(settings.statement_cache)
        .disable_statement_logging();
    let connection = options.connect().await.map_err(Failure::from_driver)?;
    Ok(Connection::Postgres(connection))
}

/// PostgreSQL has no such thing: INSERT … RETURNING tells the key.
pub(super) fn last_insert_id(_: &PgQueryResult) -> i64 {
    0
}

pub(super) fn len(row: &Row) -> usize {
    row.columns().len()
}

pub(super) fn name(row: &Row, index: usize) -> Option<&str> {
    row.columns().get(index).map(Column::name)
}

/// The numbers of the built-in types, from `pg_type.dat`; they are part of the wire protocol.
pub(super) mod oid {
    pub(in crate::backend) const BOOL: u32 = 16;
    pub(in crate::backend) const BYTEA: u32 = 17;
    pub(in crate::backend) const INT8: u32 = 20;
    pub(in crate::backend) const INT2: u32 = 21;
    pub(in crate::backend) const INT4: u32 = 23;
    pub(in crate::backend) const TEXT: u32 = 25;
    pub(in crate::backend) const OID: u32 = 26;
    pub(in crate::backend) const JSON: u32 = 114;
    pub(in crate::backend) const FLOAT4: u32 = 700;
    pub(in crate::backend) const FLOAT8: u32 = 701;
    pub(in crate::backend) const UNKNOWN: u32 = 705;
    pub(in crate::backend) const BPCHAR: u32 = 1042;
    pub(in crate::backend) const VARCHAR: u32 = 1043;
    pub(in crate::backend) const NAME: u32 = 19;
    pub(in crate::backend) const DATE: u32 = 1082;
    pub(in crate::backend) const TIME: u32 = 1083;
    pub(in crate::backend) const TIMESTAMP: u32 = 1114;
    pub(in crate::backend) const TIMESTAMPTZ: u32 = 1184;
    pub(in crate::backend) const NUMERIC: u32 = 1700;
    pub(in crate::backend) const UUID: u32 = 2950;
    pub(in crate::backend) const JSONB: u32 = 3802;
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
    let number = value.type_info().oid().map_or(0, |oid| oid.0);
    match number {
        oid::INT8 => fixed(&value).map(|bytes| Cell::Int(i64::from_be_bytes(bytes))),
        oid::TEXT | oid::VARCHAR | oid::BPCHAR | oid::NAME | oid::UNKNOWN => value.as_str().map(Cell::Text),
        oid::INT4 => fixed(&value).map(|bytes| Cell::Int(i32::from_be_bytes(bytes).into())),
        oid::INT2 => fixed(&value).map(|bytes| Cell::Int(i16::from_be_bytes(bytes).into())),
        oid::BOOL => fixed(&value).map(|[byte]| Cell::Bool(byte != 0)),
        oid::NUMERIC => <Decimal as Decode<Postgres>>::decode(value).map(Cell::Decimal),
        oid::TIMESTAMPTZ => <DateTime as Decode<Postgres>>::decode(value).map(Cell::DateTime),
        oid::TIMESTAMP => <chrono::NaiveDateTime as Decode<Postgres>>::decode(value)
            .map(|value| Cell::DateTime(value.and_utc())),
        oid::DATE => <Date as Decode<Postgres>>::decode(value).map(Cell::Date),
        oid::TIME => <Time as Decode<Postgres>>::decode(value).map(Cell::Time),
        oid::UUID => <Uuid as Decode<Postgres>>::decode(value).map(Cell::Uuid),
        oid::FLOAT8 => fixed(&value).map(|bytes| Cell::Float(f64::from_be_bytes(bytes))),
        oid::FLOAT4 => fixed(&value).map(|bytes| Cell::Single(f32::from_be_bytes(bytes))),
        oid::BYTEA => <&[u8] as Decode<Postgres>>::decode(value).map(Cell::Bytes),
        oid::JSON => value.as_str().map(Cell::Text),
        oid::JSONB => jsonb(&value),
        oid::OID => <sqlx::postgres::types::Oid as Decode<Postgres>>::decode(value)
            .map(|value| Cell::Int(value.0.into())),
        _ => other(value),
    }
}

/// A value of fixed width. Statements go out prepared, so answers are always in the binary form.
#[inline]
fn fixed<const N: usize>(value: &PgValueRef<'_>) -> Result<[u8; N], Broken> {
    match value.format() {
        PgValueFormat::Binary => Ok(value.as_bytes()?.try_into()?),
        PgValueFormat::Text => Err("the answer is in the text form".into()),
    }
}

/// The binary form starts with a version, which is 1 and has always been.
fn jsonb<'r>(value: &PgValueRef<'r>) -> Result<Cell<'r>, Broken> {
    let bytes = value.as_bytes()?;
    match (value.format(), bytes) {
        (PgValueFormat::Binary, [1, text @ ..]) => Ok(Cell::Text(std::str::from_utf8(text)?)),
        (PgValueFormat::Binary, _) => Err("this version of jsonb is not known".into()),
        (PgValueFormat::Text, text) => Ok(Cell::Text(std::str::from_utf8(text)?)),
    }
}

/// Enumerations and the text types of extensions travel as text.
fn other(value: PgValueRef<'_>) -> Result<Cell<'_>, Broken> {
    let info = value.type_info().into_owned();
    if is_text(&info) { value.as_str().map(Cell::Text) } else { Ok(Cell::Unknown(info.name().to_owned())) }
}

fn is_text(info: &PgTypeInfo) -> bool {
    match info.kind() {
        PgTypeKind::Enum(_) => true,
        PgTypeKind::Domain(inner) => is_text(inner),
        _ => matches!(info.name(), "citext" | "TEXT" | "VARCHAR" | "CHAR" | "NAME"),
    }
}

/// The text with the types of its values in a comment.
///
/// The driver keeps prepared statements by their text alone, but a prepared statement has the types that it was
/// first sent with. The same text with other types would be answered with an error at best: a number of 64 bits
/// and a moment look alike on the wire.
pub(super) fn typed(sql: Cow<'static, str>, statement: &Statement) -> Cow<'static, str> {
    if statement.args.is_empty() && statement.columns.is_empty() {
        return sql;
    }
    let mut text = super::text::buffer();
    text.push_str(&sql);
    text.push_str(" /*");
    text.extend(statement.args.iter().map(letter));
    text.extend(statement.columns.iter().map(|column| letter_of(column.kind).to_ascii_uppercase()));
    text.push_str("*/");
    super::text::finish(text)
}

fn letter(value: &Value) -> char {
    let letter = letter_of(value.kind());
    if matches!(value, Value::Array(..)) { letter.to_ascii_uppercase() } else { letter }
}

const fn letter_of(kind: ColumnKind) -> char {
    match kind {
        ColumnKind::Bool => 'b',
        ColumnKind::SmallInt | ColumnKind::Integer | ColumnKind::BigInt | ColumnKind::Duration => 'i',
        ColumnKind::Real | ColumnKind::Double => 'f',
        ColumnKind::Decimal => 'n',
        ColumnKind::Date => 'd',
        ColumnKind::Time => 'c',
        ColumnKind::DateTime => 'm',
        ColumnKind::Uuid => 'u',
        ColumnKind::Json => 'j',
        ColumnKind::Binary => 'x',
        _ => 't',
    }
}

/// The arguments of a statement in PostgreSQL's types.
pub(super) fn arguments(statement: &Statement) -> Result<PgArguments> {
    let Statement { args: values, columns, .. } = statement;
    let mut arguments = PgArguments::default();
    let room: usize = columns.iter().map(|column| column.bytes.len() + 24).sum();
    arguments.reserve(values.len() + columns.len(), 16 * values.len() + room);
    for (position, value) in values.iter().enumerate() {
        if has_nul(value) {
            let text =
                format!("value {} has a NUL character in it, which PostgreSQL cannot hold", position + 1);
            return Err(Error::new(ErrorKind::Validation, text));
        }
        add(&mut arguments, value).map_err(|error| unsent(error, position))?;
    }
    for (position, column) in columns.iter().enumerate() {
        arguments.add(column).map_err(|error| unsent(error, values.len() + position))?;
    }
    Ok(arguments)
}

#[cold]
fn unsent(error: Broken, position: usize) -> Error {
    let text = format!("value {} cannot be sent to PostgreSQL", position + 1);
    Error::from_source(ErrorKind::Database, error).context(text)
}

fn add(arguments: &mut PgArguments, value: &Value) -> Result<(), Broken> {
    match value {
        Value::Null(kind) => add_null(arguments, *kind),
        Value::Bool(value) => arguments.add(value),
        Value::Int(value) => arguments.add(value),
        Value::Float(value) => arguments.add(value),
        Value::Decimal(value) => arguments.add(value),
        Value::Text(value) => arguments.add(value),
        Value::Date(value) => arguments.add(value),
        Value::Time(value) => arguments.add(value),
        Value::DateTime(value) => arguments.add(value),
        Value::Duration(value) => arguments.add(moment::micros(*value)?),
        Value::Uuid(value) => arguments.add(value),
        Value::Json(value) => arguments.add(value),
        Value::Bytes(value) => arguments.add(value),
        Value::Array(kind, values) => arguments.add(super::postgres_array::elements(*kind, values)?),
        Value::Key(_) => Err("a composite key is sent part by part".into()),
    }
}

/// A NULL needs the type that a value would have, else an expression such as `coalesce($1, $2)` has none.
fn add_null(arguments: &mut PgArguments, kind: ColumnKind) -> Result<(), Broken> {
    match kind {
        ColumnKind::Bool => arguments.add(None::<bool>),
        ColumnKind::SmallInt | ColumnKind::Integer | ColumnKind::BigInt | ColumnKind::Duration => {
            arguments.add(None::<i64>)
        }
        ColumnKind::Real | ColumnKind::Double => arguments.add(None::<f64>),
        ColumnKind::Decimal => arguments.add(None::<Decimal>),
        ColumnKind::Date => arguments.add(None::<Date>),
        ColumnKind::Time => arguments.add(None::<Time>),
        ColumnKind::DateTime => arguments.add(None::<DateTime>),
        ColumnKind::Uuid => arguments.add(None::<Uuid>),
        ColumnKind::Json => arguments.add(None::<Json>),
        ColumnKind::Binary => arguments.add(None::<Vec<u8>>),
        _ => arguments.add(None::<String>),
    }
}
