//! The column types that Rust and its common crates bring along.

use std::net::IpAddr;

use nuages_schema::{ColumnKind, FileSchema};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{Column, Field, Target};
use crate::backend::Row;
use crate::error::{Error, Result};
use crate::path::{Key, MayBeNull, NotNull, Nullness, Path};
use crate::value::{Date, DateTime, Json, Time, Value};

/// Implements [`Field`] for a type that a row reads by one of its getters.
macro_rules! fields {
    ($($type:ty = $kind:ident, $getter:ident, |$value:ident| $store:expr, |$read:ident| $load:expr $(, $places:path)? $(=> $whole:path)?;)*) => {$(
        impl Field for $type {
            const KIND: ColumnKind = ColumnKind::$kind;
            type Base = Self;
            type Optional = Option<Self>;
            type Null = NotNull;
            type In<P: Path, K: Key, N: Nullness> = Column<P, N::Of<Self>>;

            #[inline]
            fn to_value(&self) -> Value {
                let $value = self;
                $store
            }

            fn read(row: &Row, at: usize) -> Result<Self> {
                match row.$getter(at)? {
                    Some($read) => $load,
                    None => Err(missing(at)),
                }
            }

            $(fn with_places(self, places: u32) -> Self {
                $places(self, places)
            })?

            $(fn into_value(self) -> Value {
                $whole(self)
            })?
        }
    )*};
}

fields! {
    bool = Bool, bool, |v| Value::Bool(*v), |v| Ok(v);
    i16 = SmallInt, i64, |v| Value::Int(i64::from(*v)), |v| narrow(v);
    i32 = Integer, i64, |v| Value::Int(i64::from(*v)), |v| narrow(v);
    i64 = BigInt, i64, |v| Value::Int(*v), |v| Ok(v);
    u8 = SmallInt, i64, |v| Value::Int(i64::from(*v)), |v| narrow(v);
    u16 = Integer, i64, |v| Value::Int(i64::from(*v)), |v| narrow(v);
    u32 = BigInt, i64, |v| Value::Int(i64::from(*v)), |v| narrow(v);
    f32 = Real, f64, |v| Value::Float(f64::from(*v)), |v| Ok(v as f32);
    f64 = Double, f64, |v| Value::Float(*v), |v| Ok(v);
    Decimal = Decimal, decimal, |v| Value::Decimal(*v), |v| Ok(v), DecimalScale::with_scale;
    String = Text, text, |v| Value::Text(v.clone()), |v| Ok(v) => Value::Text;
    Date = Date, date, |v| Value::Date(*v), |v| Ok(v);
    Time = Time, time, |v| Value::Time(*v), |v| Ok(v);
    DateTime = DateTime, datetime, |v| Value::DateTime(*v), |v| Ok(v);
    chrono::TimeDelta = Duration, duration, |v| Value::Duration(*v), |v| Ok(v);
    Uuid = Uuid, uuid, |v| Value::Uuid(*v), |v| Ok(v);
    Json = Json, json, |v| Value::Json(v.clone()), |v| Ok(v) => Value::Json;
    Vec<u8> = Binary, bytes, |v| Value::Bytes(v.clone()), |v| Ok(v) => Value::Bytes;
}

/// Addresses are text, in the one spelling of RFC 5952, so that equal addresses are equal text.
impl Field for IpAddr {
    const KIND: ColumnKind = ColumnKind::Text;
    const MAX_LENGTH: Option<u32> = Some(39);
    type Base = Self;
    type Optional = Option<Self>;
    type Null = NotNull;
    type In<P: Path, K: Key, N: Nullness> = Column<P, N::Of<Self>>;

    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }

    fn read(row: &Row, at: usize) -> Result<Self> {
        let text = String::read(row, at)?;
        // PostgreSQL's own type tells an address with its net.
        let address = text.strip_suffix("/32").or_else(|| text.strip_suffix("/128")).unwrap_or(&text);
        address.parse().map_err(|_| Error::decode(format!("`{text}` is no IP address")))
    }
}

/// Decimals, of which SQLite does not keep the trailing zeros; what `derive(Model)` calls.
pub trait DecimalScale {
    /// The same number with so many digits after the point.
    #[must_use]
    fn with_scale(self, places: u32) -> Self;
}

impl DecimalScale for Decimal {
    fn with_scale(mut self, places: u32) -> Self {
        if self.scale() < places {
            self.rescale(places);
        }
        self
    }
}

impl DecimalScale for Option<Decimal> {
    fn with_scale(self, places: u32) -> Self {
        self.map(|number| number.with_scale(places))
    }
}

fn narrow<T: TryFrom<i64>>(value: i64) -> Result<T> {
    T::try_from(value)
        .map_err(|_| Error::decode(format!("{value} does not fit into `{}`", std::any::type_name::<T>())))
}

fn missing(at: usize) -> Error {
    Error::decode(format!("column {at} is NULL, but the field's type is not an `Option`"))
}

impl<T: Field<Base = T>> Field for Option<T> {
    const KIND: ColumnKind = T::KIND;
    const NULLABLE: bool = true;
    const FOREIGN: bool = T::FOREIGN;
    const COMPOSITE: bool = T::COMPOSITE;
    const MAX_LENGTH: Option<u32> = T::MAX_LENGTH;
    const FILE: Option<FileSchema> = T::FILE;
    const WORDS: &'static [(&'static str, &'static str)] = T::WORDS;
    const TARGET: Option<Target> = T::TARGET;
    type Base = T;
    type Optional = Self;
    type Null = MayBeNull;
    type In<P: Path, K: Key, N: Nullness> = T::In<P, K, MayBeNull>;

    fn kind() -> ColumnKind {
        T::kind()
    }

    fn to_value(&self) -> Value {
        self.as_ref().map_or_else(|| Value::Null(T::kind()), Field::to_value)
    }

    fn into_value(self) -> Value {
        self.map_or_else(|| Value::Null(T::kind()), Field::into_value)
    }

    fn read(row: &Row, at: usize) -> Result<Self> {
        if row.is_null(at)? { Ok(None) } else { T::read(row, at).map(Some) }
    }

    fn with_places(self, places: u32) -> Self {
        self.map(|value| value.with_places(places))
    }

    fn choices() -> &'static [(&'static str, &'static str)] {
        T::choices()
    }
}
