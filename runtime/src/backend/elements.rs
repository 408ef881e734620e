//! Many values of one kind, in the form in which PostgreSQL takes an array.
//!
//! They are written as they come, so that a column of many new rows needs no list of values beside it.

use nuages_schema::ColumnKind;

use super::cell::Broken;
use super::moment;
use crate::value::{Date, DateTime, Decimal, Json, Time, Value};

/// Many values of one kind, as the elements of an array: each after its length in bytes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Elements {
    pub(super) kind: ColumnKind,
    pub(super) count: usize,
    pub(super) has_null: bool,
    pub(super) bytes: Vec<u8>,
}

/// Few values take more, with their length.
const USUAL: usize = 12;

impl Elements {
    /// None yet, with room for so many.
    pub(crate) fn new(kind: ColumnKind, room: usize) -> Self {
        Self { kind, count: 0, has_null: false, bytes: Vec::with_capacity(room * USUAL) }
    }

    /// Writes one more.
    ///
    /// # Errors
    /// It is of another kind, or the database has no form for it.
    #[inline]
    pub(crate) fn push(&mut self, value: &Value) -> Result<(), Broken> {
        use ColumnKind as Kind;
        let bytes = &mut self.bytes;
        self.count += 1;
        match (self.kind, value) {
            (_, Value::Null(_)) => {
                self.has_null = true;
                bytes.extend_from_slice(&(-1_i32).to_be_bytes());
                Ok(())
            }
            (Kind::Text, Value::Text(value)) => put(bytes, value.as_bytes()),
            (Kind::SmallInt | Kind::Integer | Kind::BigInt | Kind::Duration, Value::Int(value)) => {
                put(bytes, &value.to_be_bytes())
            }
            (Kind::Bool, Value::Bool(value)) => put(bytes, &[u8::from(*value)]),
            (Kind::Real | Kind::Double, Value::Float(value)) => put(bytes, &value.to_be_bytes()),
            (Kind::Decimal, Value::Decimal(value)) => decimal(bytes, value),
            (Kind::DateTime, Value::DateTime(value)) => put(bytes, &since_epoch(*value)?.to_be_bytes()),
            (Kind::Date, Value::Date(value)) => put(bytes, &days(*value)?.to_be_bytes()),
            (Kind::Time, Value::Time(value)) => put(bytes, &time(*value)?.to_be_bytes()),
            (Kind::SmallInt | Kind::Integer | Kind::BigInt | Kind::Duration, Value::Duration(value)) => {
                put(bytes, &moment::micros(*value)?.to_be_bytes())
            }
            (Kind::Uuid, Value::Uuid(value)) => put(bytes, value.as_bytes()),
            (Kind::Json, Value::Json(value)) => json(bytes, value),
            (Kind::Binary, Value::Bytes(value)) => put(bytes, value),
            (_, other) => Err(odd(other)),
        }
    }
}

#[inline]
fn put(bytes: &mut Vec<u8>, element: &[u8]) -> Result<(), Broken> {
    bytes.reserve(4 + element.len());
    bytes.extend_from_slice(&i32::try_from(element.len())?.to_be_bytes());
    bytes.extend_from_slice(element);
    Ok(())
}

/// PostgreSQL counts from the year 2000.
const EPOCH: Date = match Date::from_ymd_opt(2000, 1, 1) {
    Some(date) => date,
    None => Date::MIN,
};

fn days(date: Date) -> Result<i32, Broken> {
    Ok(i32::try_from((date - EPOCH).num_days())?)
}

fn since_epoch(instant: DateTime) -> Result<i64, Broken> {
    Ok(moment::micros(instant.naive_utc() - EPOCH.and_time(Time::MIN))?)
}

fn time(time: Time) -> Result<i64, Broken> {
    Ok(moment::micros(time - Time::MIN)?)
}

/// After a version, which is 1 and has always been.
fn json(bytes: &mut Vec<u8>, value: &Json) -> Result<(), Broken> {
    after_length(bytes, |bytes| {
        bytes.push(1);
        Ok(serde_json::to_writer(bytes, value)?)
    })
}

/// Writes an element whose length is known when it is written.
fn after_length(
    bytes: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), Broken>,
) -> Result<(), Broken> {
    let start = bytes.len();
    bytes.extend_from_slice(&[0; 4]);
    write(bytes)?;
    let length = i32::try_from(bytes.len() - start - 4)?;
    bytes[start..start + 4].copy_from_slice(&length.to_be_bytes());
    Ok(())
}

/// The driver knows PostgreSQL's digits.
#[cfg(feature = "postgres")]
fn decimal(bytes: &mut Vec<u8>, value: &Decimal) -> Result<(), Broken> {
    let mut buffer = sqlx::postgres::PgArgumentBuffer::default();
    let _ = sqlx::Encode::<sqlx::Postgres>::encode_by_ref(value, &mut buffer)?;
    put(bytes, &buffer)
}

#[cfg(not(feature = "postgres"))]
fn decimal(_: &mut Vec<u8>, _: &Decimal) -> Result<(), Broken> {
    Err("this program was built without PostgreSQL".into())
}

#[cold]
fn odd(value: &Value) -> Broken {
    format!("a value of the kind `{}` stands in a list of another", value.kind().word()).into()
}
