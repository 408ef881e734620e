//! PostgreSQL's arrays: one argument that holds any number of values.

use nuages_schema::ColumnKind;
use sqlx::encode::{Encode, IsNull};
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo};
use sqlx::{Postgres, Type};

use super::cell::Broken;
use super::elements::Elements;
use super::postgres::oid;
use crate::value::{Date, DateTime, Decimal, Json, Time, Uuid, Value};

/// The elements of a list of values.
pub(super) fn elements(kind: ColumnKind, values: &[Value]) -> Result<Elements, Broken> {
    let mut elements = Elements::new(kind, values.len());
    for value in values {
        elements.push(value)?;
    }
    Ok(elements)
}

/// The number of the elements' type, and the type of the array. One array serves columns of any width: the
/// server narrows what it stores.
fn types(kind: ColumnKind) -> Option<(u32, PgTypeInfo)> {
    fn array<T>() -> PgTypeInfo
    where
        Vec<T>: Type<Postgres>,
    {
        <Vec<T> as Type<Postgres>>::type_info()
    }
    Some(match kind {
        ColumnKind::Bool => (oid::BOOL, array::<bool>()),
        ColumnKind::SmallInt | ColumnKind::Integer | ColumnKind::BigInt | ColumnKind::Duration => {
            (oid::INT8, array::<i64>())
        }
        ColumnKind::Real | ColumnKind::Double => (oid::FLOAT8, array::<f64>()),
        ColumnKind::Decimal => (oid::NUMERIC, array::<Decimal>()),
        ColumnKind::Text => (oid::TEXT, array::<String>()),
        ColumnKind::Date => (oid::DATE, array::<Date>()),
        ColumnKind::Time => (oid::TIME, array::<Time>()),
        ColumnKind::DateTime => (oid::TIMESTAMPTZ, array::<DateTime>()),
        ColumnKind::Uuid => (oid::UUID, array::<Uuid>()),
        ColumnKind::Json => (oid::JSONB, array::<Json>()),
        ColumnKind::Binary => (oid::BYTEA, array::<Vec<u8>>()),
        _ => return None,
    })
}

impl Type<Postgres> for Elements {
    fn type_info() -> PgTypeInfo {
        <Vec<String> as Type<Postgres>>::type_info()
    }
}

/// The binary form of an array of one dimension: dimensions, whether there is a NULL, the type, the length, the
/// first index, then the elements.
impl Encode<'_, Postgres> for Elements {
    fn produces(&self) -> Option<PgTypeInfo> {
        types(self.kind).map(|(_, array)| array)
    }

    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, Broken> {
        let Some((oid, _)) = types(self.kind) else {
            return Err(format!("a list of the kind `{}` cannot be sent", self.kind.word()).into());
        };
        buffer.reserve(20 + self.bytes.len());
        for word in [1, i32::from(self.has_null), oid.cast_signed(), i32::try_from(self.count)?, 1] {
            buffer.extend_from_slice(&word.to_be_bytes());
        }
        buffer.extend_from_slice(&self.bytes);
        Ok(IsNull::No)
    }
}
