//! One value of a column, in a form that no database owns.
//!
//! Everything between a field of a model and a database driver goes through
//! [`Value`]: arguments of statements, rows made in memory, defaults. The way
//! back from the database has a shorter path, the typed getters of
//! [`Row`](crate::backend::Row).

mod key;
mod zone;

pub use key::{joined_key, split_key};
pub use nuages_schema::ColumnKind;
pub use rust_decimal::Decimal;
pub use uuid::Uuid;
pub use zone::Zone;

/// A calendar date.
pub type Date = chrono::NaiveDate;
/// A time of day.
pub type Time = chrono::NaiveTime;
/// An instant in UTC.
pub type DateTime = chrono::DateTime<chrono::Utc>;
/// A length of time.
pub type Duration = chrono::TimeDelta;
/// A JSON document.
pub type Json = serde_json::Value;

/// One value of a column.
///
/// ```
/// use nuages::value::{ColumnKind, Value};
///
/// assert_eq!(Value::from(7_i64), Value::Int(7));
/// assert_eq!(Value::from(None::<i32>), Value::Null(ColumnKind::Integer));
/// assert_eq!(Value::from("Dune").kind(), ColumnKind::Text);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// NULL, of a column of this kind.
    Null(ColumnKind),
    /// True or false.
    Bool(bool),
    /// A whole number of any width.
    Int(i64),
    /// A binary floating point number.
    Float(f64),
    /// An exact decimal number.
    Decimal(Decimal),
    /// Text.
    Text(String),
    /// A calendar date.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// An instant.
    DateTime(DateTime),
    /// A length of time.
    Duration(Duration),
    /// A UUID.
    Uuid(Uuid),
    /// A JSON document; JSON's own null is [`Json::Null`], which is not NULL.
    Json(Json),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A list of values of one kind, for `= ANY($1)` on PostgreSQL. No column holds one.
    Array(ColumnKind, Vec<Value>),
    /// The parts of a composite key, in order; bound part by part.
    Key(Vec<Value>),
}

impl Value {
    /// The kind of column that this value fits; of a list, the kind of its parts.
    #[must_use]
    pub fn kind(&self) -> ColumnKind {
        match self {
            Self::Null(kind) | Self::Array(kind, _) => *kind,
            Self::Bool(_) => ColumnKind::Bool,
            Self::Int(_) => ColumnKind::BigInt,
            Self::Float(_) => ColumnKind::Double,
            Self::Decimal(_) => ColumnKind::Decimal,
            Self::Text(_) => ColumnKind::Text,
            Self::Date(_) => ColumnKind::Date,
            Self::Time(_) => ColumnKind::Time,
            Self::DateTime(_) => ColumnKind::DateTime,
            Self::Duration(_) => ColumnKind::Duration,
            Self::Uuid(_) => ColumnKind::Uuid,
            Self::Json(_) => ColumnKind::Json,
            Self::Bytes(_) => ColumnKind::Binary,
            Self::Key(_) => ColumnKind::Text,
        }
    }

    /// Whether this is NULL.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null(_))
    }

    /// The values of its columns: itself, or the parts of a composite key.
    #[must_use]
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::Key(parts) => parts,
            one => std::slice::from_ref(one),
        }
    }
}

/// Whether a text, or a text inside JSON, has a NUL character in it, which PostgreSQL cannot hold.
pub(crate) fn has_nul(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.contains('\0'),
        Value::Json(json) => json_has_nul(json),
        Value::Array(_, values) | Value::Key(values) => values.iter().any(has_nul),
        _ => false,
    }
}

fn json_has_nul(json: &Json) -> bool {
    match json {
        Json::String(text) => text.contains('\0'),
        Json::Array(parts) => parts.iter().any(json_has_nul),
        Json::Object(parts) => parts.iter().any(|(name, part)| name.contains('\0') || json_has_nul(part)),
        _ => false,
    }
}

macro_rules! value_from {
    ($($from:ty => $kind:ident, |$value:ident| $make:expr;)*) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $make
            }
        }

        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                value.map_or(Self::Null(ColumnKind::$kind), Self::from)
            }
        }
    )*};
}

value_from! {
    bool => Bool, |value| Self::Bool(value);
    i16 => SmallInt, |value| Self::Int(value.into());
    i32 => Integer, |value| Self::Int(value.into());
    i64 => BigInt, |value| Self::Int(value);
    f32 => Real, |value| Self::Float(value.into());
    f64 => Double, |value| Self::Float(value);
    Decimal => Decimal, |value| Self::Decimal(value);
    String => Text, |value| Self::Text(value);
    &str => Text, |value| Self::Text(value.to_owned());
    Date => Date, |value| Self::Date(value);
    Time => Time, |value| Self::Time(value);
    DateTime => DateTime, |value| Self::DateTime(value);
    Duration => Duration, |value| Self::Duration(value);
    Uuid => Uuid, |value| Self::Uuid(value);
    Json => Json, |value| Self::Json(value);
    Vec<u8> => Binary, |value| Self::Bytes(value);
    &[u8] => Binary, |value| Self::Bytes(value.to_owned());
}
