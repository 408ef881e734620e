//! What stands at one place of a row, borrowed from the driver, and how it is
//! read as something close to it.
//!
//! The drivers only say what a cell is; the conversions are here once, for all.

use std::fmt::Display;

use rust_decimal::prelude::ToPrimitive;

use super::moment;
use crate::value::{Date, DateTime, Decimal, Duration, Json, Time, Uuid, Value};

/// Why a driver could not give a cell.
pub(super) type Broken = Box<dyn std::error::Error + Send + Sync>;

/// One place of a row.
#[derive(Clone, Debug)]
pub(super) enum Cell<'r> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// A 32-bit number: it has fewer digits than its widened form shows.
    Single(f32),
    Decimal(Decimal),
    Text(&'r str),
    Bytes(&'r [u8]),
    Date(Date),
    Time(Time),
    DateTime(DateTime),
    Duration(Duration),
    Uuid(Uuid),
    Json(&'r Json),
    /// A type of the database that nothing here reads.
    Unknown(String),
}

type Read<T> = Result<Option<T>, String>;

macro_rules! read {
    ($cell:expr, $($pattern:pat => $value:expr),+ $(,)?) => {
        match $cell {
            Cell::Null => Ok(None),
            $($pattern => $value.map(Some),)+
            #[allow(unreachable_patterns, reason = "some readers name every cell")]
            other => Err(other.is()),
        }
    };
}

impl<'r> Cell<'r> {
    #[inline]
    pub(super) fn bool(self) -> Read<bool> {
        read!(self,
            Cell::Bool(value) => Ok(value),
            Cell::Int(value) => bool_of(value),
            Cell::Bytes([value]) => bool_of(i64::from(*value)),
            Cell::Text(text) => bool_of_text(text),
        )
    }

    #[inline]
    pub(super) fn i64(self) -> Read<i64> {
        read!(self,
            Cell::Int(value) => Ok(value),
            Cell::Bool(value) => Ok(i64::from(value)),
            Cell::Float(value) => whole(Decimal::from_f64_retain(value), value),
            Cell::Single(value) => whole(Decimal::from_f32_retain(value), value),
            Cell::Decimal(value) => whole(Some(value), value),
            Cell::Text(text) => parse(text),
        )
    }

    #[inline]
    pub(super) fn f64(self) -> Read<f64> {
        read!(self,
            Cell::Float(value) => Ok(value),
            Cell::Single(value) => Ok(f64::from(value)),
            // Whole numbers are widened on purpose: SQLite keeps 3.0 as 3.
            Cell::Int(value) => Ok(value as f64),
            Cell::Decimal(value) => value.to_f64().ok_or_else(|| format!("{value} is out of range")),
            Cell::Text(text) => parse(text),
        )
    }

    #[inline]
    pub(super) fn decimal(self) -> Read<Decimal> {
        read!(self,
            Cell::Decimal(value) => Ok(value),
            Cell::Int(value) => Ok(Decimal::from(value)),
            // The shortest text that stands for the number is what was written.
            // SQLite keeps a decimal of up to 15 digits as a float; what is beyond them is noise of sums.
            Cell::Float(value) => decimal_of_text(&format!("{value:.14e}")).map(|d| d.normalize()),
            Cell::Single(value) => decimal_of_text(&value.to_string()),
            Cell::Text(text) => decimal_of_text(text.trim()),
        )
    }

    #[inline]
    pub(super) fn text(self) -> Read<String> {
        match self {
            Cell::Int(value) => Ok(Some(value.to_string())),
            Cell::Float(value) => Ok(Some(value.to_string())),
            other => other.str().map(|text| text.map(str::to_owned)),
        }
    }

    #[inline]
    pub(super) fn str(self) -> Read<&'r str> {
        read!(self,
            Cell::Text(text) => Ok(text),
            Cell::Bytes(bytes) => std::str::from_utf8(bytes).map_err(|_| "it holds bytes that are no UTF-8".to_owned()),
        )
    }

    #[inline]
    pub(super) fn date(self) -> Read<Date> {
        read!(self,
            Cell::Date(value) => Ok(value),
            Cell::DateTime(value) => moment::date_of(value.naive_utc()),
            Cell::Text(text) => moment::read_date(text),
        )
    }

    #[inline]
    pub(super) fn time(self) -> Read<Time> {
        read!(self,
            Cell::Time(value) => Ok(value),
            Cell::Text(text) => moment::read_time(text),
        )
    }

    #[inline]
    pub(super) fn datetime(self) -> Read<DateTime> {
        read!(self,
            Cell::DateTime(value) => Ok(value),
            Cell::Date(value) => Ok(value.and_time(Time::MIN).and_utc()),
            Cell::Text(text) => moment::read_datetime(text),
        )
    }

    #[inline]
    pub(super) fn duration(self) -> Read<Duration> {
        read!(self,
            Cell::Duration(value) => Ok(value),
            Cell::Int(value) => Ok(Duration::microseconds(value)),
            // A sum of durations is a decimal on PostgreSQL and MySQL.
            Cell::Decimal(value) => whole(Some(value), value).map(Duration::microseconds),
        )
    }

    #[inline]
    pub(super) fn uuid(self) -> Read<Uuid> {
        read!(self,
            Cell::Uuid(value) => Ok(value),
            Cell::Text(text) => Uuid::try_parse(text).map_err(|error| error.to_string()),
            Cell::Bytes(bytes) => uuid_of_bytes(bytes),
        )
    }

    #[inline]
    pub(super) fn json(self) -> Read<Json> {
        read!(self,
            Cell::Json(value) => Ok(value.clone()),
            Cell::Text(text) => json_of(text.as_bytes()),
            Cell::Bytes(bytes) => json_of(bytes),
            Cell::Int(value) => Ok(Json::from(value)),
            Cell::Float(value) => Ok(Json::from(value)),
        )
    }

    #[inline]
    pub(super) fn bytes(self) -> Read<Vec<u8>> {
        read!(self,
            Cell::Bytes(bytes) => Ok(bytes.to_owned()),
            Cell::Text(text) => Ok(text.as_bytes().to_owned()),
        )
    }

    /// The value without a wish for a kind. NULL is taken for a text's.
    pub(super) fn any(self) -> Result<Value, String> {
        Ok(match self {
            Cell::Null => Value::Null(nuages_schema::ColumnKind::Text),
            Cell::Bool(value) => Value::Bool(value),
            Cell::Int(value) => Value::Int(value),
            Cell::Float(value) => Value::Float(value),
            Cell::Single(value) => Value::Float(value.into()),
            Cell::Decimal(value) => Value::Decimal(value),
            Cell::Text(text) => Value::Text(text.to_owned()),
            Cell::Bytes(bytes) => Value::Bytes(bytes.to_owned()),
            Cell::Date(value) => Value::Date(value),
            Cell::Time(value) => Value::Time(value),
            Cell::DateTime(value) => Value::DateTime(value),
            Cell::Duration(value) => Value::Duration(value),
            Cell::Uuid(value) => Value::Uuid(value),
            Cell::Json(value) => Value::Json(value.clone()),
            other @ Cell::Unknown(_) => return Err(other.is()),
        })
    }

    /// What it is, for a message. The content is left out: it may be private.
    #[cold]
    fn is(&self) -> String {
        let what = match self {
            Cell::Null => "NULL",
            Cell::Bool(_) => "true or false",
            Cell::Int(_) => "a whole number",
            Cell::Float(_) | Cell::Single(_) => "a floating point number",
            Cell::Decimal(_) => "a decimal number",
            Cell::Text(_) => "text",
            Cell::Bytes(_) => "bytes",
            Cell::Date(_) => "a date",
            Cell::Time(_) => "a time",
            Cell::DateTime(_) => "a date and time",
            Cell::Duration(_) => "a duration",
            Cell::Uuid(_) => "a UUID",
            Cell::Json(_) => "JSON",
            Cell::Unknown(name) => {
                return format!("it is of the database type `{name}`, which is not supported");
            }
        };
        format!("it holds {what}")
    }
}

impl<'r> From<&'r Value> for Cell<'r> {
    fn from(value: &'r Value) -> Self {
        match value {
            Value::Null(_) => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(value) => Self::Int(*value),
            Value::Float(value) => Self::Float(*value),
            Value::Decimal(value) => Self::Decimal(*value),
            Value::Text(text) => Self::Text(text),
            Value::Date(value) => Self::Date(*value),
            Value::Time(value) => Self::Time(*value),
            Value::DateTime(value) => Self::DateTime(*value),
            Value::Duration(value) => Self::Duration(*value),
            Value::Uuid(value) => Self::Uuid(*value),
            Value::Json(value) => Self::Json(value),
            Value::Bytes(bytes) => Self::Bytes(bytes),
            Value::Array(..) => Self::Unknown("array".to_owned()),
            Value::Key(_) => Self::Unknown("key of several parts".to_owned()),
        }
    }
}

fn bool_of(value: i64) -> Result<bool, String> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err("it holds a whole number other than 0 and 1".to_owned()),
    }
}

fn bool_of_text(text: &str) -> Result<bool, String> {
    match text {
        "0" | "f" | "false" | "FALSE" => Ok(false),
        "1" | "t" | "true" | "TRUE" => Ok(true),
        _ => Err("it holds text".to_owned()),
    }
}

fn whole(exact: Option<Decimal>, shown: impl Display) -> Result<i64, String> {
    exact
        .filter(|value| value.fract().is_zero())
        .and_then(|value| value.to_i64())
        .ok_or_else(|| format!("{shown} is not a whole number of 64 bits"))
}

fn parse<T: std::str::FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.trim().parse().map_err(|error| format!("it holds text: {error}"))
}

fn decimal_of_text(text: &str) -> Result<Decimal, String> {
    text.parse()
        .or_else(|_| Decimal::from_scientific(text))
        .map_err(|_| "it is no number, or has more than 28 digits".to_owned())
}

fn uuid_of_bytes(bytes: &[u8]) -> Result<Uuid, String> {
    // `char(32)` with a binary collation comes as bytes.
    Uuid::from_slice(bytes).or_else(|_| Uuid::try_parse_ascii(bytes)).map_err(|error| error.to_string())
}

fn json_of(bytes: &[u8]) -> Result<Json, String> {
    serde_json::from_slice(bytes).map_err(|error| format!("it is not valid JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_meet_where_nothing_is_lost() {
        assert_eq!(Cell::Float(3.0).i64(), Ok(Some(3)));
        assert!(Cell::Float(3.5).i64().is_err());
        assert!(Cell::Float(1e300).i64().is_err());
        assert_eq!(Cell::Float(i64::MIN as f64).i64(), Ok(Some(i64::MIN)));
        assert_eq!(Cell::Decimal(Decimal::from(i64::MAX)).i64(), Ok(Some(i64::MAX)));
        assert_eq!(Cell::Float(0.1).decimal(), Ok(Some(Decimal::new(1, 1))));
        assert_eq!(Cell::Single(0.1).decimal(), Ok(Some(Decimal::new(1, 1))));
        assert_eq!(Cell::Float(1e-7).decimal(), Ok(Some(Decimal::new(1, 7))));
        assert_eq!(Cell::Int(12).decimal(), Ok(Some(Decimal::from(12))));
        assert_eq!(Cell::Text("12.50").decimal(), Ok(Some(Decimal::new(1250, 2))));
        assert!(Cell::Text("").i64().is_err() && Cell::Float(f64::NAN).decimal().is_err());
    }

    #[test]
    fn only_zero_and_one_are_booleans() {
        assert_eq!(Cell::Int(1).bool(), Ok(Some(true)));
        assert!(Cell::Int(2).bool().is_err());
        assert_eq!(Cell::Bytes(&[0]).bool(), Ok(Some(false)));
    }

    #[test]
    fn uuids_come_in_three_spellings() {
        let uuid = Uuid::from_u128(0x1234_5678_9abc_def0_1234_5678_9abc_def0);
        assert_eq!(Cell::Text(&uuid.simple().to_string()).uuid(), Ok(Some(uuid)));
        assert_eq!(Cell::Text(&uuid.to_string()).uuid(), Ok(Some(uuid)));
        assert_eq!(Cell::Bytes(uuid.as_bytes()).uuid(), Ok(Some(uuid)));
        assert!(Cell::Text("no").uuid().is_err());
    }

    #[test]
    fn jsons_null_is_not_null() {
        assert_eq!(Cell::Text("null").json(), Ok(Some(Json::Null)));
        assert_eq!(Cell::Null.json(), Ok(None));
        assert!(Cell::Text("{").json().is_err());
    }
}
