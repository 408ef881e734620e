//! New rows that may be there already: leave those that are, or change them.

use std::marker::PhantomData;

use futures_util::future::BoxFuture;

use super::save::Columns;
use super::signal::{self, Signal};
use super::{Draft, QuerySet, Select, insert, run, update};
use crate::backend::{Db, Row};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Model, ModelEntry};
use crate::path::Root;
use crate::sql;
use crate::value::Value;

/// Rows of one statement.
const CHUNK: usize = 1000;

/// A new row: values with their positions.
type Values = Vec<(usize, Value)>;

/// What happens to a new row where one with the same unique values is there already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Conflict {
    /// An error, as always.
    #[default]
    Refuse,
    /// The row that is there stays as it is.
    Ignore,
    /// Columns of the row that is there are set to the new values.
    Update { unique: Vec<usize>, set: Vec<usize> },
}

/// What [`bulk_create_with`](QuerySet::bulk_create_with) does with rows of `M` that are there already.
#[must_use = "it does nothing until `bulk_create_with` takes it"]
pub struct OnConflict<M> {
    conflict: Conflict,
    marker: PhantomData<fn() -> M>,
}

impl<M: Model> OnConflict<M> {
    /// Leaves rows alone that are there already. Other mistakes, such as a key that leads nowhere, are errors still.
    pub fn ignore_conflicts(mut self) -> Self {
        self.conflict = Conflict::Ignore;
        self
    }

    /// Sets columns of rows that are there already, which are found by unique columns:
    /// `.update_conflicts(|b| b.isbn, |b| (b.title, b.price))`.
    ///
    /// MySQL and MariaDB take a row for there already by any unique column, whichever is named.
    pub fn update_conflicts<U: Columns<M>, S: Columns<M>>(
        mut self,
        unique: impl FnOnce(&M::Fields<Root<M>>) -> U,
        set: impl FnOnce(&M::Fields<Root<M>>) -> S,
    ) -> Self {
        self.conflict = update_of::<M>(unique(M::fields()).positions(), set(M::fields()).positions());
        self
    }
}

fn update_of<M: Model>(unique: Vec<usize>, mut set: Vec<usize>) -> Conflict {
    let stamped = M::schema().fields.iter().enumerate().filter(|(_, field)| field.options.auto_now);
    set.extend(stamped.map(|(index, _)| index));
    set.sort_unstable();
    set.dedup();
    Conflict::Update { unique, set }
}

impl<M: Model> QuerySet<M> {
    /// As [`bulk_create`](Self::bulk_create), saying what happens to rows that are there already:
    /// `.bulk_create_with(&db, rows, |c| c.ignore_conflicts())`.
    ///
    /// How many rows were there is not told: not every database knows. With receivers of signals the rows are written
    /// one by one.
    ///
    /// # Errors
    /// If another constraint is violated; then none of the rows is written.
    pub async fn bulk_create_with<D: Into<Draft<M>>>(
        self,
        db: &Db,
        rows: impl IntoIterator<Item = D>,
        build: impl FnOnce(OnConflict<M>) -> OnConflict<M>,
    ) -> Result<()> {
        let rows: Result<Vec<Values>> = rows.into_iter().map(|row| row.into().into_values()).collect();
        let conflict = build(OnConflict { conflict: Conflict::Refuse, marker: PhantomData }).conflict;
        insert_or(db, M::entry(), rows?, conflict).await
    }
}

impl<M: Model> Draft<M> {
    /// Writes the row, or sets columns of the one that is there already, and gives it back as the database holds it:
    /// `.upsert(&db, |b| b.isbn, |b| (b.title, b.price))`.
    ///
    /// Unlike [`update_or_create`](QuerySet::update_or_create) it is one statement, and cannot meet with another one.
    /// MySQL and MariaDB take a row for there already by any unique column.
    ///
    /// # Errors
    /// If another constraint is violated; `NotSupported` if the row says nothing of a unique column.
    pub async fn upsert<U: Columns<M>, S: Columns<M>>(
        self,
        db: &Db,
        unique: impl FnOnce(&M::Fields<Root<M>>) -> U,
        set: impl FnOnce(&M::Fields<Root<M>>) -> S,
    ) -> Result<M> {
        let positions = unique(M::fields()).positions();
        let conflict = update_of::<M>(positions.clone(), set(M::fields()).positions());
        let values = self.into_values()?;
        let found = found_by(M::entry(), &values, &positions)?;
        let row = db
            .atomic(async |db| {
                insert_or(&db, M::entry(), vec![values], conflict).await?;
                db.fetch_optional(sql::select(&db, &found)?).await
            })
            .await?;
        M::read(&row.ok_or_else(|| run::does_not_exist(M::schema()))?, 0)
    }
}

/// The row that has the unique values of a new one.
fn found_by(entry: &ModelEntry, values: &Values, unique: &[usize]) -> Result<Select> {
    let mut select = Select::of(entry.schema);
    select.order = Some(Vec::new());
    for index in unique {
        let Some((_, value)) = values.iter().find(|(given, _)| given == index) else {
            let name = entry.schema.fields[*index].name;
            let text =
                format!("the new row does not say its `{name}`, by which the one that is there is found");
            return Err(Error::new(ErrorKind::NotSupported, text));
        };
        select.filters.extend(Select::of_values(entry.schema, *index, vec![value.clone()]).filters);
    }
    Ok(select)
}

fn insert_or<'a>(
    db: &'a Db,
    entry: &'static ModelEntry,
    rows: Vec<Values>,
    conflict: Conflict,
) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        if rows.is_empty() {
            return Ok(());
        }
        db.atomic(async |db| {
            let changes = matches!(conflict, Conflict::Update { .. });
            let heard = signal::heard(entry.schema, &[Signal::PreSave, Signal::PostSave]);
            // A version counts on where the row is written by its key.
            if heard || (changes && entry.schema.version().is_some()) {
                for row in rows {
                    one_by_one(&db, entry, row, &conflict).await?;
                }
                return Ok(());
            }
            for (columns, rows) in same_columns(rows) {
                let fit = db.capabilities().max_parameters / columns.len().max(1);
                for chunk in rows.chunks(fit.clamp(1, CHUNK)) {
                    let statement = sql::insert_or(&db, entry.schema, &columns, chunk, &conflict)?;
                    db.execute(statement).await.map_err(|error| sql::name_field(error, entry.schema))?;
                }
            }
            Ok(())
        })
        .await
    })
}

/// Writes one row so that receivers are told of what becomes of it.
async fn one_by_one(
    db: &Db,
    entry: &'static ModelEntry,
    row: Values,
    conflict: &Conflict,
) -> Result<Option<Row>> {
    let made = db.atomic(async |db| insert::insert_row(&db, entry, row.clone()).await).await;
    match (made, conflict) {
        (Err(error), Conflict::Ignore) if error.is_unique() => Ok(None),
        (Err(error), Conflict::Update { unique, set }) if error.is_unique() => {
            let keys = run::keys(db, found_by(entry, &row, unique)?).await?;
            // Another unique value was there than the ones that were named.
            let Some(key) = keys.into_iter().next() else { return Err(error) };
            let values = row.into_iter().filter(|(index, _)| set.contains(index)).collect();
            update::update_row(db, entry, key, values).await
        }
        (made, _) => made.map(Some),
    }
}

/// Runs of rows that set the same columns.
fn same_columns(rows: Vec<Values>) -> Vec<(Vec<usize>, Vec<Vec<Value>>)> {
    let mut runs: Vec<(Vec<usize>, Vec<Vec<Value>>)> = Vec::new();
    for row in rows {
        let (columns, values): (Vec<usize>, Vec<Value>) = row.into_iter().unzip();
        match runs.last_mut() {
            Some((known, rows)) if *known == columns => rows.push(values),
            _ => runs.push((columns, vec![values])),
        }
    }
    runs
}
