//! PostgreSQL's arrays: one argument that holds any number of values.

use nuages_schema::ColumnKind;
use sqlx::Arguments;
use sqlx::postgres::PgArguments;

use super::cell::Broken;
use super::moment;
use crate::value::{Date, DateTime, Decimal, Json, Time, Uuid, Value};

macro_rules! collect {
    ($values:expr, $type:ty, $($pattern:pat => $value:expr),+) => {
        $values
            .into_iter()
            .map(|value| match value {
                Value::Null(_) => Ok(None),
                $($pattern => Ok(Some($value)),)+
                other => Err(odd(&other)),
            })
            .collect::<Result<Vec<Option<$type>>, Broken>>()?
    };
}

/// Adds one array argument of this kind.
pub(super) fn add(arguments: &mut PgArguments, kind: ColumnKind, values: Vec<Value>) -> Result<(), Broken> {
    match kind {
        ColumnKind::Bool => arguments.add(collect!(values, bool, Value::Bool(value) => value)),
        ColumnKind::SmallInt | ColumnKind::Integer | ColumnKind::BigInt => {
            arguments.add(collect!(values, i64, Value::Int(value) => value))
        }
        ColumnKind::Real | ColumnKind::Double => {
            arguments.add(collect!(values, f64, Value::Float(value) => value))
        }
        ColumnKind::Decimal => arguments.add(collect!(values, Decimal, Value::Decimal(value) => value)),
        ColumnKind::Text => arguments.add(collect!(values, String, Value::Text(value) => value)),
        ColumnKind::Date => arguments.add(collect!(values, Date, Value::Date(value) => value)),
        ColumnKind::Time => arguments.add(collect!(values, Time, Value::Time(value) => value)),
        ColumnKind::DateTime => arguments.add(collect!(values, DateTime, Value::DateTime(value) => value)),
        ColumnKind::Duration => {
            arguments.add(collect!(values, i64, Value::Duration(value) => moment::micros(value)?))
        }
        ColumnKind::Uuid => arguments.add(collect!(values, Uuid, Value::Uuid(value) => value)),
        ColumnKind::Json => arguments.add(collect!(values, Json, Value::Json(value) => value)),
        ColumnKind::Binary => arguments.add(collect!(values, Vec<u8>, Value::Bytes(value) => value)),
        other => Err(format!("a list of the kind `{}` cannot be sent", other.word()).into()),
    }
}

#[cold]
fn odd(value: &Value) -> Broken {
    format!("a value of the kind `{}` stands in a list of another", value.kind().word()).into()
}
