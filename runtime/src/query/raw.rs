//! SQL written by hand, read into models or shapes. Values are always bound.

use std::borrow::Cow;

use nuages_schema::ModelSchema;

use super::placeholder::placeholders;
use super::{Cursor, Shape};
use crate::backend::{Db, Row, Statement};
use crate::error::{Error, ErrorKind, Result};
use crate::field::Field;
use crate::model::{Model, column_value};
use crate::value::Value;

/// SQL text that the program itself wrote.
///
/// A literal is taken as it is; text that was put together at run time must say so by
/// [`RawSql::trusted`], which can be searched for in a review. `?` stands for a bound value on
/// every database; in quotes and comments it stands for itself. PostgreSQL's operators `?`, `?|`, `?&` and `@?` are
/// written `??`, `??|`, `??&` and `@??`.
#[derive(Clone, Debug)]
pub struct RawSql(Cow<'static, str>);

impl RawSql {
    /// Text put together at run time. The caller answers for it: nothing a user sent may be in it.
    #[must_use]
    pub const fn trusted(sql: String) -> Self {
        Self(Cow::Owned(sql))
    }
}

impl From<&'static str> for RawSql {
    fn from(sql: &'static str) -> Self {
        Self(Cow::Borrowed(sql))
    }
}

/// The values of a statement written by hand: a tuple, or a `Vec` of [`Value`]s.
pub trait RawValues {
    /// The values in order.
    fn into_values(self) -> Vec<Value>;
}

impl RawValues for Vec<Value> {
    fn into_values(self) -> Self {
        self
    }
}

impl RawValues for () {
    fn into_values(self) -> Vec<Value> {
        Vec::new()
    }
}

macro_rules! raw_values {
    ($(($($name:ident),+))*) => {$(
        impl<$($name: Field),+> RawValues for ($($name,)+) {
            #[allow(non_snake_case, reason = "the type parameters name the parts")]
            fn into_values(self) -> Vec<Value> {
                let ($($name,)+) = self;
                vec![$($name.to_value()),+]
            }
        }
    )*};
}

raw_values! { (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) (A, B, C, D, E, F, G) (A, B, C, D, E, F, G, H) }

/// A statement written by hand, in the spelling of a database.
fn statement(db: &Db, sql: &RawSql, values: Vec<Value>) -> Result<Statement> {
    let (text, places) = placeholders(&sql.0, db.backend())?;
    if places != values.len() {
        return Err(Error::new(
            ErrorKind::Other,
            format!("the statement has {places} `?` and {} values", values.len()),
        ));
    }
    Ok(Statement::new(text, values))
}

/// Reads rows of a model; columns are matched by name, in any order, and all must be there.
pub(super) async fn models<M: Model>(db: &Db, sql: RawSql, values: Vec<Value>) -> Result<Vec<M>> {
    let rows = db.fetch(statement(db, &sql, values)?).await?;
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let positions = positions(first, M::schema())?;
    rows.iter().map(|row| M::read(&in_order(row, &positions, M::schema())?, 0)).collect()
}

fn positions(row: &Row, schema: &ModelSchema) -> Result<Vec<usize>> {
    let find = |column: &str| (0..row.len()).find(|at| row.name(*at) == Some(column));
    let wanted = schema.fields.iter().map(|field| {
        find(field.column).ok_or_else(|| {
            let (column, model) = (field.column, schema.name);
            Error::new(
                ErrorKind::Other,
                format!("the statement gives no column `{column}`, which `{model}` needs"),
            )
        })
    });
    wanted.collect()
}

fn in_order(row: &Row, positions: &[usize], schema: &'static ModelSchema) -> Result<Row> {
    let values: Result<Vec<Value>> =
        positions.iter().zip(schema.fields).map(|(at, field)| column_value(row, *at, field)).collect();
    values.map(Row::Values)
}

impl Db {
    /// Runs a query written by hand and reads each row as a value or a tuple of them, by position.
    ///
    /// ```no_run
    /// # async fn f(db: nuages::Db) -> nuages::Result<()> {
    /// let rows: Vec<(String, i64)> =
    ///     db.raw("SELECT username, id FROM auth_user WHERE id > ?", (7_i64,)).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// If the database refuses the statement, or a column holds what its type cannot take.
    pub async fn raw<S: Shape<Item = S>>(
        &self,
        sql: impl Into<RawSql>,
        values: impl RawValues,
    ) -> Result<Vec<S>> {
        let statement = statement(self, &sql.into(), values.into_values())?;
        let rows = self.fetch(statement).await?;
        rows.iter()
            .map(|row| S::read(&mut Cursor { row, at: 0, prefetched: &mut [], next_prefetched: 0 }))
            .collect()
    }

    /// Runs a statement written by hand; gives the number of rows it touched.
    ///
    /// # Errors
    /// If the database refuses the statement.
    pub async fn run(&self, sql: impl Into<RawSql>, values: impl RawValues) -> Result<u64> {
        let statement = statement(self, &sql.into(), values.into_values())?;
        self.execute(statement).await
    }
}
