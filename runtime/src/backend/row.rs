//! One row of an answer, read by position.

use std::fmt;

use nuages_schema::ColumnKind;

use super::cell::Cell;
use crate::value::{Date, DateTime, Decimal, Duration, Json, Time, Uuid, Value};
use crate::{Error, ErrorKind, Result};

/// One row of an answer.
///
/// Columns are read by position, straight from what the driver holds; NULL is
/// `None`. Types are met half way where nothing is lost: a decimal that SQLite
/// keeps as a floating point number, a sum that PostgreSQL widens to `numeric`,
/// a date and time that is text.
///
/// ```
/// use nuages::backend::Row;
/// use nuages::value::Value;
///
/// let row = Row::Values(vec![Value::Int(7), Value::Text("Dune".into())]);
/// assert_eq!(row.i64(0)?, Some(7));
/// assert_eq!(row.str(1)?, Some("Dune"));
/// assert!(row.date(1).is_err());
/// # Ok::<(), nuages::Error>(())
/// ```
#[non_exhaustive]
pub enum Row {
    /// From SQLite.
    #[cfg(feature = "sqlite")]
    Sqlite(super::sqlite::Row),
    /// From PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(super::postgres::Row),
    /// From MySQL or MariaDB.
    #[cfg(feature = "mysql")]
    Mysql(super::mysql::Row),
    /// Made in memory.
    Values(Vec<Value>),
}

macro_rules! getters {
    ($($(#[doc = $doc:literal])* $name:ident -> $type:ty, $want:literal;)*) => {$(
        $(#[doc = $doc])*
        ///
        /// # Errors
        /// The column is not there, or holds something that cannot be read so.
        #[inline]
        pub fn $name(&self, index: usize) -> Result<Option<$type>> {
            match self.cell(index)?.$name() {
                Ok(value) => Ok(value),
                Err(why) => Err(self.mismatch(index, $want, why)),
            }
        }
    )*};
}

impl Row {
    /// The number of columns.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(row) => super::sqlite::len(row),
            #[cfg(feature = "postgres")]
            Self::Postgres(row) => super::postgres::len(row),
            #[cfg(feature = "mysql")]
            Self::Mysql(row) => super::mysql::len(row),
            Self::Values(values) => values.len(),
        }
    }

    /// Whether there is no column at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The name of a column as the database gave it; rows made in memory have none.
    #[must_use]
    pub fn name(&self, index: usize) -> Option<&str> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(row) => super::sqlite::name(row, index),
            #[cfg(feature = "postgres")]
            Self::Postgres(row) => super::postgres::name(row, index),
            #[cfg(feature = "mysql")]
            Self::Mysql(row) => super::mysql::name(row, index),
            Self::Values(_) => None,
        }
    }

    /// Whether a column is NULL.
    ///
    /// # Errors
    /// The column is not there.
    #[inline]
    pub fn is_null(&self, index: usize) -> Result<bool> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(row) => {
                super::sqlite::is_null(row, index).map_err(|error| self.broken(index, error))
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(row) => {
                super::postgres::is_null(row, index).map_err(|error| self.broken(index, error))
            }
            #[cfg(feature = "mysql")]
            Self::Mysql(row) => super::mysql::is_null(row, index).map_err(|error| self.broken(index, error)),
            Self::Values(values) => match values.get(index) {
                Some(value) => Ok(value.is_null()),
                None => Err(self.missing(index)),
            },
        }
    }

    getters! {
        /// The column as true or false.
        bool -> bool, "true or false";
        /// The column as a whole number.
        i64 -> i64, "a whole number";
        /// The column as a floating point number.
        f64 -> f64, "a number";
        /// The column as an exact decimal number.
        decimal -> Decimal, "a decimal number";
        /// The column as text.
        text -> String, "text";
        /// The column as text that the row lends; only for columns that are text in the database.
        str -> &str, "text";
        /// The column as a calendar date.
        date -> Date, "a date";
        /// The column as a time of day.
        time -> Time, "a time";
        /// The column as an instant.
        datetime -> DateTime, "a date and time";
        /// The column as a length of time.
        duration -> Duration, "a duration";
        /// The column as a UUID.
        uuid -> Uuid, "a UUID";
        /// The column as a JSON document.
        json -> Json, "JSON";
        /// The column as bytes.
        bytes -> Vec<u8>, "bytes";
    }

    /// The column as a value of this kind, `Null(kind)` for NULL.
    ///
    /// # Errors
    /// The column is not there, or holds something that cannot be read so.
    pub fn value(&self, index: usize, kind: ColumnKind) -> Result<Value> {
        let value = match kind {
            ColumnKind::Bool => self.bool(index)?.map(Value::Bool),
            ColumnKind::SmallInt | ColumnKind::Integer | ColumnKind::BigInt => {
                self.i64(index)?.map(Value::Int)
            }
            ColumnKind::Real | ColumnKind::Double => self.f64(index)?.map(Value::Float),
            ColumnKind::Decimal => self.decimal(index)?.map(Value::Decimal),
            ColumnKind::Text => self.text(index)?.map(Value::Text),
            ColumnKind::Date => self.date(index)?.map(Value::Date),
            ColumnKind::Time => self.time(index)?.map(Value::Time),
            ColumnKind::DateTime => self.datetime(index)?.map(Value::DateTime),
            ColumnKind::Duration => self.duration(index)?.map(Value::Duration),
            ColumnKind::Uuid => self.uuid(index)?.map(Value::Uuid),
            ColumnKind::Json => self.json(index)?.map(Value::Json),
            ColumnKind::Binary => self.bytes(index)?.map(Value::Bytes),
            other => {
                let text = format!("no column of the kind `{}` can be read", other.word());
                return Err(Error::new(ErrorKind::NotSupported, text));
            }
        };
        Ok(value.unwrap_or(Value::Null(kind)))
    }

    /// The column as whatever the database says it is.
    ///
    /// # Errors
    /// The column is not there, or its type has no [`Value`].
    pub fn any(&self, index: usize) -> Result<Value> {
        let cell = self.cell(index)?;
        cell.any().map_err(|why| self.mismatch(index, "a value", why))
    }

    #[inline]
    fn cell(&self, index: usize) -> Result<Cell<'_>> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(row) => super::sqlite::cell(row, index).map_err(|error| self.broken(index, error)),
            #[cfg(feature = "postgres")]
            Self::Postgres(row) => {
                super::postgres::cell(row, index).map_err(|error| self.broken(index, error))
            }
            #[cfg(feature = "mysql")]
            Self::Mysql(row) => super::mysql::cell(row, index).map_err(|error| self.broken(index, error)),
            Self::Values(values) => match values.get(index) {
                Some(value) => Ok(Cell::from(value)),
                None => Err(self.missing(index)),
            },
        }
    }

    #[cold]
    fn missing(&self, index: usize) -> Error {
        let text = format!("there is no column {} in a row of {} columns", index + 1, self.len());
        Error::new(ErrorKind::Database, text)
    }

    #[cold]
    fn mismatch(&self, index: usize, want: &str, why: String) -> Error {
        Error::new(ErrorKind::Database, format!("{} cannot be read as {want}: {why}", self.place(index)))
    }

    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
    #[cold]
    fn broken(&self, index: usize, error: super::cell::Broken) -> Error {
        if index >= self.len() {
            return self.missing(index);
        }
        Error::new(ErrorKind::Database, format!("{} cannot be read: {error}", self.place(index)))
    }

    fn place(&self, index: usize) -> String {
        let name = self.name(index).map(|name| format!(" (`{name}`)")).unwrap_or_default();
        format!("column {} of {}{name}", index + 1, self.len())
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries((0..self.len()).map(|index| self.any(index))).finish()
    }
}
