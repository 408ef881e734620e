//! Pages that begin behind a row, not at a number: as fast at the end as at the start.

use std::fmt;
use std::str::FromStr;

use super::keyset::Keyset;
use super::{Cursor, QuerySet, Select, Shape, run};
use crate::backend::{Backend, Db, Row, write_date, write_datetime, write_time};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::value::{ColumnKind, Json, Value};

/// A page of rows, and where the ones beside it begin.
#[derive(Clone, Debug)]
pub struct KeysetPage<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Behind the last row, if there are more: what [`page_after`](QuerySet::page_after) takes.
    pub next: Option<Position>,
    /// In front of the first row, if there are more: what [`page_before`](QuerySet::page_before) takes. A page
    /// without rows says neither.
    pub previous: Option<Position>,
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
        page::<S>(db, self.select, size, after, Direction::Onward).await
    }

    /// A page of at most `size` rows that ends in front of a position, in the order of the query; without a
    /// position the last page. As [`page_after`](Self::page_after), the other way.
    ///
    /// ```no_run
    /// # use nuages::prelude::*;
    /// # #[derive(Model, Clone, Debug)] #[model(app_label = "shop")] struct Order { id: i64, day: Date }
    /// # async fn f(db: Db) -> nuages::Result<()> {
    /// let newest = || Order::objects().order_by(|o| o.day.desc());
    /// let last = newest().page_before(&db, 50, None).await?;
    /// let one_before = newest().page_before(&db, 50, last.previous.as_ref()).await?;
    /// # let _ = one_before; Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`page_after`](Self::page_after); and `NotSupported` for a slice, which is counted from the start.
    pub async fn page_before(
        self,
        db: &Db,
        size: u64,
        before: Option<&Position>,
    ) -> Result<KeysetPage<S::Item>> {
        if self.select.is_sliced() {
            let text = "a slice is counted from the start, so it has no pages from its end";
            return Err(Error::new(ErrorKind::NotSupported, text));
        }
        page::<S>(db, self.select.turned(), size, before, Direction::Back).await
    }
}

/// Which way the rows are read; they are handed out in the order of the query.
#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Onward,
    Back,
}

async fn page<S: Shape>(
    db: &Db,
    select: Select,
    size: u64,
    from: Option<&Position>,
    direction: Direction,
) -> Result<KeysetPage<S::Item>> {
    let mut page = KeysetPage { rows: Vec::new(), next: None, previous: None };
    if select.nothing || size == 0 {
        return Ok(page);
    }
    let mut keyset = Keyset::new(db, select.in_own_order())?;
    keyset.refuse_copies()?;
    if let Some(position) = from {
        keyset.go_behind(values_of(position, db.backend(), keyset.kinds())?);
    }
    let chunk = keyset.chunk(size.saturating_add(1));
    let mut fetched = run::fetch(db, &chunk).await?;
    let more = fetched.rows.len() as u64 > size;
    fetched.rows.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    let at = |row: Option<&Row>, there: bool| match row {
        Some(row) if there => keyset.position(&chunk, row).and_then(|values| position(&values)).map(Some),
        _ => Ok(None),
    };
    // The end that was read towards has more rows if one too many came; the other, if the reading began behind one.
    let (near, far) = (at(fetched.rows.first(), from.is_some())?, at(fetched.rows.last(), more)?);
    (page.previous, page.next) = if direction == Direction::Back { (far, near) } else { (near, far) };
    if direction == Direction::Back {
        fetched.rows.reverse();
    }
    for row in &fetched.rows {
        let prefetched = fetched.groups.as_mut_slice();
        page.rows.push(S::read(&mut Cursor { row, at: 0, prefetched, next_prefetched: 0 })?);
    }
    Ok(page)
}

/// The values of a position, if it is one of a query that is ordered by these.
fn values_of(position: &Position, backend: Backend, kinds: Vec<ColumnKind>) -> Result<Vec<Value>> {
    let values: Vec<Json> = serde_json::from_str(&position.0).map_err(|_| no_position())?;
    if values.len() != kinds.len() {
        return Err(no_position());
    }
    let read = |(json, kind): (Json, ColumnKind)| read_value(backend, json, kind);
    let values: Option<Vec<Value>> = values.into_iter().zip(kinds).map(read).collect();
    values.ok_or_else(no_position)
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
