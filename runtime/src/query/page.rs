//! Pages that begin behind a row, not at a number: as fast at the end as at the start.

use std::fmt;
use std::str::FromStr;

use super::keyset::Keyset;
use super::{Cursor, QuerySet, Shape, run};
use crate::backend::{Backend, Db, write_date, write_datetime, write_time};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::value::{ColumnKind, Json, Value};

/// A page of rows, and where the next one begins.
#[derive(Clone, Debug)]
pub struct KeysetPage<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Behind the last row, if there are more.
    pub next: Option<Position>,
}

/// A place between two rows of an ordered query. It goes into an address and back as text; it holds the values
/// that the last row is ordered by, and nothing secret beyond them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position(String);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Position {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match serde_json::from_str::<Vec<Json>>(text) {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(_) => Err(no_position()),
        }
    }
}

fn no_position() -> Error {
    Error::new(ErrorKind::Validation, "this is not where a page of this query begins")
}

impl<M: Model, S: Shape> QuerySet<M, S> {
    /// A page of at most `size` rows that begins behind a position of an earlier one, in the order of the
    /// query; the primary key decides between equal rows. Rows that others write meanwhile are neither skipped
    /// nor shown twice.
    ///
    /// ```no_run
    /// # use nuages::prelude::*;
    /// # #[derive(Model, Clone, Debug)] #[model(app_label = "shop")] struct Order { id: i64, day: Date }
    /// # async fn f(db: Db) -> nuages::Result<()> {
    /// let newest = || Order::objects().order_by(|o| o.day.desc());
    /// let first = newest().page_after(&db, 50, None).await?;
    /// let second = newest().page_after(&db, 50, first.next.as_ref()).await?;
    /// # let _ = second; Ok(()) }
    /// ```
    ///
    /// # Errors
    /// `Validation` if the position is not one of this query; `NotSupported` where rows have no key, as in a
    /// [stream](Self::stream), or a join may give one row several times.
    pub async fn page_after(
        self,
        db: &Db,
        size: u64,
        after: Option<&Position>,
    ) -> Result<KeysetPage<S::Item>> {
        if self.select.nothing || size == 0 {
            return Ok(KeysetPage { rows: Vec::new(), next: None });
        }
        let mut keyset = Keyset::new(db, self.select)?;
        keyset.refuse_copies()?;
        if let Some(position) = after {
            let values: Vec<Json> = serde_json::from_str(&position.0).map_err(|_| no_position())?;
            let kinds = keyset.kinds();
            if values.len() != kinds.len() {
                return Err(no_position());
            }
            let read = |(json, kind): (Json, ColumnKind)| read_value(db.backend(), json, kind);
            let values: Option<Vec<Value>> = values.into_iter().zip(kinds).map(read).collect();
            keyset.go_behind(values.ok_or_else(no_position)?);
        }
        let chunk = keyset.chunk(size.saturating_add(1));
        let mut fetched = run::fetch(db, &chunk).await?;
        let more = fetched.rows.len() as u64 > size;
        fetched.rows.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        let next = match fetched.rows.last() {
            Some(row) if more => Some(position(&keyset.position(&chunk, row)?)?),
            _ => None,
        };
        let mut rows = Vec::with_capacity(fetched.rows.len());
        for row in &fetched.rows {
            let prefetched = fetched.groups.as_mut_slice();
            rows.push(S::read(&mut Cursor { row, at: 0, prefetched, next_prefetched: 0 })?);
        }
        Ok(KeysetPage { rows, next })
    }
}

fn position(values: &[Value]) -> Result<Position> {
    let values: Option<Vec<Json>> = values.iter().map(write_value).collect();
    let values = values.ok_or_else(|| {
        Error::new(ErrorKind::NotSupported, "pages are ordered by numbers, texts, dates and keys only")
    })?;
    Ok(Position(Json::Array(values).to_string()))
}

fn write_value(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Null(_) => Json::Null,
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Int(number) => Json::from(*number),
        Value::Float(number) if number.is_finite() => Json::from(*number),
        Value::Decimal(number) => Json::from(number.to_string()),
        Value::Text(text) => Json::from(text.as_str()),
        Value::Date(date) => Json::from(write_date(*date)),
        Value::Time(time) => Json::from(write_time(*time)),
        Value::DateTime(instant) => Json::from(write_datetime(*instant)),
        Value::Duration(length) => Json::from(length.num_microseconds()?),
        Value::Uuid(uuid) => Json::from(uuid.to_string()),
        _ => return None,
    })
}

/// SQLite's values are kept as they are stored, the others' by the kind of their column.
fn read_value(backend: Backend, json: Json, kind: ColumnKind) -> Option<Value> {
    use crate::backend::{read_date, read_datetime, read_time};
    Some(match (json, kind) {
        (Json::Null, kind) => Value::Null(kind),
        (Json::Bool(truth), _) => Value::Bool(truth),
        (Json::Number(number), ColumnKind::Duration) if backend != Backend::Sqlite => {
            Value::Duration(crate::value::Duration::microseconds(number.as_i64()?))
        }
        (Json::Number(number), _) => match number.as_i64() {
            Some(whole) => Value::Int(whole),
            None => Value::Float(number.as_f64()?),
        },
        (Json::String(text), _) if backend == Backend::Sqlite => Value::Text(text),
        (Json::String(text), ColumnKind::Decimal) => Value::Decimal(text.parse().ok()?),
        (Json::String(text), ColumnKind::Date) => Value::Date(read_date(&text).ok()?),
        (Json::String(text), ColumnKind::Time) => Value::Time(read_time(&text).ok()?),
        (Json::String(text), ColumnKind::DateTime) => Value::DateTime(read_datetime(&text).ok()?),
        (Json::String(text), ColumnKind::Uuid) => Value::Uuid(text.parse().ok()?),
        (Json::String(text), ColumnKind::Text) => Value::Text(text),
        _ => return None,
    })
}
