//! The methods of a query that ask the database.

use nuages_schema::ModelSchema;

use super::place;
use super::prefetch::KeyValue;
use super::shape::Groups;
use super::unpack::Unpacker;
use super::{Assignments, Cursor, Deleted, Draft, New, QuerySet, Select, Shape, delete, update};
use crate::backend::{Db, Row, Statement, located};
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{Comparison, Condition, Expr};
use crate::field::Field;
use crate::model::Model;
use crate::path::Root;
use crate::sql;
use crate::value::Value;

impl<M: Model, S: Shape> QuerySet<M, S> {
    /// All rows.
    ///
    /// # Errors
    /// If the database fails, or a column holds what its type cannot take.
    #[track_caller]
    pub fn all(self, db: &Db) -> impl Future<Output = Result<Vec<S::Item>>> {
        located(place::reading(&self.select), async move { read_all::<S>(db, &self.select).await })
    }

    /// The one row.
    ///
    /// # Errors
    /// `DoesNotExist` if there is none, `MultipleObjects` if there are more.
    #[track_caller]
    pub fn get(self, db: &Db) -> impl Future<Output = Result<S::Item>> {
        located(place::reading(&self.select), self.the_one(db))
    }

    async fn the_one(self, db: &Db) -> Result<S::Item> {
        let model = self.select.model;
        if is_by_key(&self.select) {
            let row = db.fetch_optional(sql::select(db, &self.select)?).await?;
            let row = row.ok_or_else(|| does_not_exist(model))?;
            return S::read(&mut Cursor { row: &row, at: 0, prefetched: &mut [], next_prefetched: 0 });
        }
        let mut rows = self.limit(2).all(db).await?;
        match (rows.pop(), rows.pop()) {
            (None, _) => Err(does_not_exist(model)),
            (Some(row), None) => Ok(row),
            (Some(_), Some(_)) => Err(Error::new(
                ErrorKind::MultipleObjects,
                format!("more than one {} matches; `get` wants one", model.verbose_name),
            )),
        }
    }

    /// The first row in order, by the primary key where nothing else orders.
    ///
    /// # Errors
    /// If the database fails.
    #[track_caller]
    pub fn first(self, db: &Db) -> impl Future<Output = Result<Option<S::Item>>> {
        let place = place::reading(&self.select);
        located(place, async move { Ok(self.in_some_order().limit(1).all(db).await?.pop()) })
    }

    /// The last row in order.
    ///
    /// # Errors
    /// If the database fails; `NotSupported` on a query that is already cut off.
    #[track_caller]
    pub fn last(self, db: &Db) -> impl Future<Output = Result<Option<S::Item>>> {
        located(place::reading(&self.select), self.the_last(db))
    }

    async fn the_last(self, db: &Db) -> Result<Option<S::Item>> {
        if self.select.is_sliced() {
            return Err(Error::new(
                ErrorKind::NotSupported,
                "`last` of a sliced query: turn it with `reverse` first",
            ));
        }
        self.in_some_order().reverse().first(db).await
    }

    fn in_some_order(mut self) -> Self {
        let ordered = match &self.select.order {
            Some(terms) => !terms.is_empty(),
            None => !self.select.model.ordering.is_empty(),
        };
        if !ordered && !self.select.grouped {
            self.select.order = Some(self.select.key_order());
        }
        self
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// If the database fails.
    #[track_caller]
    pub fn count(&self, db: &Db) -> impl Future<Output = Result<u64>> {
        located(place::counting(&self.select), self.how_many(db))
    }

    async fn how_many(&self, db: &Db) -> Result<u64> {
        if self.select.nothing {
            return Ok(0);
        }
        let row = db.fetch_optional(sql::count(db, &self.select)?).await?;
        let count = row.map(|row| row.i64(0)).transpose()?.flatten();
        Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
    }

    /// Whether there is any row.
    ///
    /// # Errors
    /// If the database fails.
    #[track_caller]
    pub fn exists(&self, db: &Db) -> impl Future<Output = Result<bool>> {
        located(place::counting(&self.select), self.is_there_any(db))
    }

    async fn is_there_any(&self, db: &Db) -> Result<bool> {
        if self.select.nothing {
            return Ok(false);
        }
        Ok(db.fetch_optional(sql::exists(db, &self.select)?).await?.is_some())
    }

    /// The statement, with its values, as the database gets it.
    ///
    /// # Errors
    /// If the database lacks something that the query asks for.
    pub fn sql(&self, db: &Db) -> Result<Statement> {
        sql::select(db, &self.select)
    }

    /// The statement in the spelling of any of the three databases, without one at hand: for tests and
    /// documentation.
    ///
    /// # Errors
    /// If a name cannot be quoted.
    pub fn to_sql(&self, backend: crate::backend::Backend) -> Result<Statement> {
        sql::select_for(backend, &self.select)
    }

    /// How the database means to run the query, in its own words.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn explain(&self, db: &Db) -> Result<String> {
        let Statement { sql, args, .. } = self.sql(db)?;
        let word = match db.backend() {
            crate::backend::Backend::Sqlite => "EXPLAIN QUERY PLAN ",
            _ => "EXPLAIN ",
        };
        let rows = db.fetch(Statement::new(format!("{word}{sql}"), args)).await?;
        let lines: Result<Vec<String>> = rows.iter().map(plan_line).collect();
        Ok(lines?.join("\n"))
    }
}

fn plan_line(row: &Row) -> Result<String> {
    let cells: Result<Vec<String>> = (0..row.len())
        .map(|at| match row.any(at)? {
            Value::Null(_) => Ok(String::new()),
            Value::Text(text) => Ok(text),
            Value::Int(number) => Ok(number.to_string()),
            other => Ok(format!("{other:?}")),
        })
        .collect();
    Ok(cells?.join(" ").trim().to_owned())
}

impl<M: Model, S> QuerySet<M, S> {
    /// Aggregates over all rows: one, or a tuple of them.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn aggregate<V: super::build::Values<M>>(
        self,
        db: &Db,
        build: impl FnOnce(&M::Fields<Root<M>>) -> V,
    ) -> Result<<V::Shape as Shape>::Item> {
        let mut select = self.select;
        select.parts = build(M::fields()).parts();
        let row = db.fetch_optional(sql::aggregate(db, &select)?).await?;
        let row = row.ok_or_else(|| Error::other("the database gave no row back for an aggregate"))?;
        V::Shape::read(&mut Cursor { row: &row, at: 0, prefetched: &mut [], next_prefetched: 0 })
    }

    /// Changes columns of all rows, in one statement; gives the number of rows.
    ///
    /// # Errors
    /// If a constraint is violated; the error names the field.
    pub async fn update<A: Assignments<M>>(
        self,
        db: &Db,
        build: impl FnOnce(&M::Fields<Root<M>>) -> A,
    ) -> Result<u64> {
        let assignments = build(M::fields()).assignments();
        let assignments = assignments.into_iter().map(|a| (a.field, a.expr)).collect();
        update::update_query(db, M::entry(), self.select, assignments).await
    }

    /// Deletes all rows and what their relations say goes with them; counts what was deleted per model.
    ///
    /// # Errors
    /// `ForeignKey` if a `Protect` or `Restrict` relation holds a row.
    pub async fn delete(self, db: &Db) -> Result<Deleted> {
        delete::delete_query(db, M::entry(), self.select).await
    }

    /// The rows with these keys, by key.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn in_bulk(
        self,
        db: &Db,
        wanted: impl IntoIterator<Item = M::Key>,
    ) -> Result<std::collections::HashMap<M::Key, M>>
    where
        M::Key: std::hash::Hash + Eq,
    {
        let keys = wanted.into_iter().map(|key| key.to_value()).collect();
        let mut query = QuerySet::<M>::from_select(self.select);
        query.select.parts = Select::of(M::schema()).parts;
        let column = crate::expr::Expr::Column(query.select.key_column());
        query.select.filters.push(crate::expr::Condition::In(column, keys));
        let rows = read_all::<(crate::query::run::Whole<M>,)>(db, &query.select).await?;
        Ok(rows.into_iter().map(|row| (row.0.key(), row.0)).collect())
    }

    /// The row that matches, or a new one; and whether it is new.
    ///
    /// # Errors
    /// `MultipleObjects` if several match. If somebody else makes the row meanwhile, theirs is given.
    pub async fn get_or_create<D: Into<Draft<M>>>(self, db: &Db, new: D) -> Result<(M, bool)> {
        let mut query = QuerySet::<M>::from_select(self.select);
        query.select.parts = Select::of(M::schema()).parts;
        match query.clone().one(db).await {
            Err(error) if error.is_does_not_exist() => {}
            found => return found.map(|row| (row, false)),
        }
        let draft: Draft<M> = new.into();
        match db.atomic(async |db| draft.create(&db).await).await {
            Ok(row) => Ok((row, true)),
            Err(error) if error.is_unique() => match query.one(db).await {
                Ok(row) => Ok((row, false)),
                Err(_) => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    /// Changes the row that matches, or makes a new one with the changes in it; and whether it is new.
    ///
    /// # Errors
    /// As [`get_or_create`](Self::get_or_create).
    pub async fn update_or_create<D: Into<Draft<M>>, A: Assignments<M>>(
        self,
        db: &Db,
        new: D,
        build: impl Fn(&M::Fields<Root<M>>) -> A,
    ) -> Result<(M, bool)> {
        let draft: Draft<M> = new.into();
        let draft = draft.with(&build);
        let (row, created) = self.get_or_create(db, draft).await?;
        if created {
            return Ok((row, true));
        }
        let key = row.key().to_value();
        let mut select = Select::of(M::schema());
        let column = crate::expr::Expr::Column(select.key_column());
        select.filters.push(crate::expr::Condition::In(column, vec![key.clone()]));
        let assignments = build(M::fields()).assignments().into_iter().map(|a| (a.field, a.expr)).collect();
        update::update_query(db, M::entry(), select, assignments).await?;
        let row = db.fetch_optional(sql::by_key(db, M::schema(), key)?).await?;
        let row = row.ok_or_else(|| does_not_exist(M::schema()))?;
        Ok((M::read(&row, 0)?, false))
    }

    async fn one(self, db: &Db) -> Result<M> {
        let mut query = self.select;
        query.slice(0, Some(2));
        let rows = db.fetch(sql::select(db, &query)?).await?;
        match rows.as_slice() {
            [] => Err(does_not_exist(M::schema())),
            [row] => M::read(row, 0),
            _ => Err(Error::new(
                ErrorKind::MultipleObjects,
                format!("more than one {} matches", M::schema().verbose_name),
            )),
        }
    }
}

/// A model as a slot, whatever else the query had.
pub(crate) struct Whole<M>(M);

impl<M: Model> super::Slot for Whole<M> {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        super::read_model(cursor).map(Self)
    }

    fn read_optional(cursor: &mut Cursor<'_>) -> Result<Option<Self>> {
        super::read_optional_model(cursor).map(|row| row.map(Self))
    }
}

impl<N: New> From<N> for Draft<N::Model> {
    fn from(new: N) -> Self {
        new.draft()
    }
}

/// Whether a query asks for the one row with a key, and nothing it joins hands that out several times.
fn is_by_key(select: &Select) -> bool {
    let key = select.key_column();
    let is_key = |filter: &Condition| match filter {
        Condition::Compare(Expr::Column(column), Comparison::Equal, Expr::Value(value)) => {
            *column == key && !value.is_null()
        }
        _ => false,
    };
    // A key that we have not made may be none.
    select.model.managed
        && select.filters.iter().any(is_key)
        && !(select.nothing || select.grouped || select.is_sliced())
        && select.prefetches().next().is_none()
        && !sql::joins_many(select)
}

/// The error of a row that is not there.
pub(crate) fn does_not_exist(model: &ModelSchema) -> Error {
    Error::new(ErrorKind::DoesNotExist, format!("no {} matches", model.verbose_name))
}

/// The keys of the rows of a query.
pub(crate) async fn keys(db: &Db, select: Select) -> Result<Vec<Value>> {
    if select.nothing {
        return Ok(Vec::new());
    }
    let key = select.key_column();
    let mut keys = Vec::new();
    let mut each = |row: &Row| {
        keys.push(key.read(row, 0)?);
        Ok(())
    };
    // As they come: a row of the database takes several times the memory of its key.
    db.fetch_each(sql::select(db, &select.only_key())?, &mut each).await?;
    Ok(keys)
}

/// Rows as the database gave them, with what was prefetched for them.
pub(super) struct Fetched {
    pub(super) rows: Vec<Row>,
    pub(super) groups: Vec<Box<dyn Groups>>,
}

/// Reads the rows of a query and prefetches what it asks for.
pub(super) fn fetch<'a>(
    db: &'a Db,
    select: &'a Select,
) -> futures_util::future::BoxFuture<'a, Result<Fetched>> {
    Box::pin(async move {
        let rows = if select.nothing { Vec::new() } else { db.fetch(sql::select(db, select)?).await? };
        with_prefetched(db, select, rows).await
    })
}

/// Prefetches what a query asks for, for rows of it that are there already.
pub(super) async fn with_prefetched(db: &Db, select: &Select, rows: Vec<Row>) -> Result<Fetched> {
    let mut groups = Vec::new();
    let mut next = select.columns();
    for prefetch in select.prefetches() {
        let at = next;
        next += prefetch.key().width();
        let keys = distinct_keys(&rows, at, prefetch.key())?;
        groups.push(prefetch.load(db, keys, at).await?);
    }
    Ok(Fetched { rows, groups })
}

fn distinct_keys(rows: &[Row], at: usize, column: crate::field::ColumnRef) -> Result<Vec<Value>> {
    let mut seen = std::collections::HashSet::new();
    let mut keys = Vec::new();
    for row in rows {
        let value = column.read(row, at)?;
        if !value.is_null() && seen.insert(KeyValue::from(value.clone())) {
            keys.push(value);
        }
    }
    Ok(keys)
}

/// Reads all rows of a query as a shape.
async fn read_all<S: Shape>(db: &Db, select: &Select) -> Result<Vec<S::Item>> {
    let mut items = Vec::new();
    if select.prefetches().next().is_some() {
        let mut fetched = fetch(db, select).await?;
        for row in &fetched.rows {
            let prefetched = fetched.groups.as_mut_slice();
            items.push(S::read(&mut Cursor { row, at: 0, prefetched, next_prefetched: 0 })?);
        }
    } else if !select.nothing {
        if let Some(items) = read_packed::<S>(db, select).await? {
            return Ok(items);
        }
        let statement = sql::select(db, select)?;
        let mut visit = |row: &Row| {
            items.push(S::read(&mut Cursor { row, at: 0, prefetched: &mut [], next_prefetched: 0 })?);
            Ok(())
        };
        db.fetch_each(statement, &mut visit).await?;
    }
    Ok(items)
}

/// Reads all rows of a query packed, where that can be done. Whatever does not go into a packed row is read again
/// unpacked: what is wrong with it, if anything is, is told by that.
async fn read_packed<S: Shape>(db: &Db, select: &Select) -> Result<Option<Vec<S::Item>>> {
    let Some((statement, layout)) = sql::select_packed(db, select)? else { return Ok(None) };
    let mut items = Vec::new();
    let mut unpacker = Unpacker::new(layout);
    let mut visit = |row: &Row| {
        let row = unpacker.take(row)?;
        items.push(S::read(&mut Cursor { row, at: 0, prefetched: &mut [], next_prefetched: 0 })?);
        Ok(())
    };
    match db.fetch_each(statement, &mut visit).await {
        Ok(()) => Ok(Some(items)),
        Err(error) if error.kind() == ErrorKind::Database => Ok(None),
        Err(error) => Err(error),
    }
}
