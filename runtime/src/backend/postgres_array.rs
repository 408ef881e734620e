//! PostgreSQL's arrays: one argument that holds any number of values.

use nuages_schema::ColumnKind;
use sqlx::encode::{Encode, IsNull};
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo};
use sqlx::{Arguments, Postgres, Type};

use super::cell::Broken;
use super::moment;
use super::postgres::oid;
use crate::value::{Date, DateTime, Decimal, Json, Time, Uuid, Value};

/// Adds one array argument of this kind.
pub(super) fn add(arguments: &mut PgArguments, kind: ColumnKind, values: Vec<Value>) -> Result<(), Broken> {
    match kind {
        ColumnKind::Bool => arguments.add(Elements::<bool>::new(oid::BOOL, values)),
        ColumnKind::SmallInt | ColumnKind::Integer | ColumnKind::BigInt | ColumnKind::Duration => {
            arguments.add(Elements::<i64>::new(oid::INT8, values))
        }
        ColumnKind::Real | ColumnKind::Double => arguments.add(Elements::<f64>::new(oid::FLOAT8, values)),
        ColumnKind::Decimal => arguments.add(Elements::<Decimal>::new(oid::NUMERIC, values)),
        ColumnKind::Text => arguments.add(Elements::<String>::new(oid::TEXT, values)),
        ColumnKind::Date => arguments.add(Elements::<Date>::new(oid::DATE, values)),
        ColumnKind::Time => arguments.add(Elements::<Time>::new(oid::TIME, values)),
        ColumnKind::DateTime => arguments.add(Elements::<DateTime>::new(oid::TIMESTAMPTZ, values)),
        ColumnKind::Uuid => arguments.add(Elements::<Uuid>::new(oid::UUID, values)),
        ColumnKind::Json => arguments.add(Elements::<Json>::new(oid::JSONB, values)),
        ColumnKind::Binary => arguments.add(Elements::<Vec<u8>>::new(oid::BYTEA, values)),
        other => Err(format!("a list of the kind `{}` cannot be sent", other.word()).into()),
    }
}

/// The elements of an array, written straight from where they are.
struct Elements<T> {
    oid: u32,
    values: Vec<Value>,
    element: std::marker::PhantomData<fn() -> T>,
}

impl<T> Elements<T> {
    fn new(oid: u32, values: Vec<Value>) -> Self {
        Self { oid, values, element: std::marker::PhantomData }
    }
}

impl<T> Type<Postgres> for Elements<T>
where
    Vec<T>: Type<Postgres>,
{
    fn type_info() -> PgTypeInfo {
        <Vec<T> as Type<Postgres>>::type_info()
    }
}

/// The binary form of an array of one dimension: dimensions, whether there is a NULL, the type, the length, the
/// first index, then the elements, each after its length in bytes.
impl<T: Element> Encode<'_, Postgres> for Elements<T> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, Broken> {
        let has_null = self.values.iter().any(Value::is_null);
        buffer.reserve(20 + self.values.len() * 12);
        for word in [1, i32::from(has_null), self.oid.cast_signed(), i32::try_from(self.values.len())?, 1] {
            buffer.extend_from_slice(&word.to_be_bytes());
        }
        for value in &self.values {
            if value.is_null() {
                buffer.extend_from_slice(&(-1_i32).to_be_bytes());
            } else {
                T::write(value, buffer)?;
            }
        }
        Ok(IsNull::No)
    }
}

/// What can stand in an array.
trait Element {
    /// Writes the length of a value in bytes, and the value.
    fn write(value: &Value, buffer: &mut PgArgumentBuffer) -> Result<(), Broken>;
}

/// Values whose length is known before.
macro_rules! plain {
    ($($type:ty: $($pattern:pat => $bytes:expr),+;)*) => {$(
        impl Element for $type {
            #[inline]
            fn write(value: &Value, buffer: &mut PgArgumentBuffer) -> Result<(), Broken> {
                match value {
                    $($pattern => put(buffer, $bytes),)+
                    other => Err(odd(other)),
                }
            }
        }
    )*};
}

plain! {
    bool: Value::Bool(value) => &[u8::from(*value)];
    i64: Value::Int(value) => &value.to_be_bytes(),
        Value::Duration(value) => &moment::micros(*value)?.to_be_bytes();
    f64: Value::Float(value) => &value.to_be_bytes();
    String: Value::Text(value) => value.as_bytes();
    Uuid: Value::Uuid(value) => value.as_bytes();
    Vec<u8>: Value::Bytes(value) => value;
}

#[inline]
fn put(buffer: &mut PgArgumentBuffer, bytes: &[u8]) -> Result<(), Broken> {
    buffer.extend_from_slice(&i32::try_from(bytes.len())?.to_be_bytes());
    buffer.extend_from_slice(bytes);
    Ok(())
}

/// Values that the driver writes.
macro_rules! driven {
    ($($type:ty: $variant:ident;)*) => {$(
        impl Element for $type {
            fn write(value: &Value, buffer: &mut PgArgumentBuffer) -> Result<(), Broken> {
                let Value::$variant(value) = value else { return Err(odd(value)) };
                let start = buffer.len();
                buffer.extend_from_slice(&[0; 4]);
                let _ = <$type as Encode<'_, Postgres>>::encode_by_ref(value, buffer)?;
                let length = i32::try_from(buffer.len() - start - 4)?;
                buffer[start..start + 4].copy_from_slice(&length.to_be_bytes());
                Ok(())
            }
        }
    )*};
}

driven! {
    Decimal: Decimal;
    Date: Date;
    Time: Time;
    DateTime: DateTime;
    Json: Json;
}

#[cold]
fn odd(value: &Value) -> Broken {
    format!("a value of the kind `{}` stands in a list of another", value.kind().word()).into()
}
