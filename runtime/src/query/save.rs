//! What a loaded row can do: save, save some columns, change, delete, refresh.

use std::future::Future;

use futures_util::future::BoxFuture;

use super::file::store_file;
use super::neighbour::neighbour;
use super::{Deleted, QuerySet, RawSql, RawValues, Related, delete, place, raw, update};
use crate::backend::{Db, located};
use crate::error::Result;
use crate::expr::OrderedField;
use crate::field::{Column, Field, Relation, StoredFile};
use crate::model::Model;
use crate::path::{Forward, Key, Nullness, Root, Step};
use crate::sql;
use crate::value::Value;

/// The operations of every model. In the prelude.
pub trait ModelOperations: Model {
    /// A query about all rows.
    fn objects() -> QuerySet<Self> {
        QuerySet::new()
    }

    /// The rows of a query written by hand. Columns are matched by name; `?` stands for a bound value.
    ///
    /// # Errors
    /// If the database refuses the statement, or a column of the model is missing.
    fn raw(
        db: &Db,
        sql: impl Into<RawSql>,
        values: impl RawValues,
    ) -> impl Future<Output = Result<Vec<Self>>> + Send {
        let (sql, values) = (sql.into(), values.into_values());
        async move { raw::models(db, sql, values).await }
    }

    /// Writes all columns by the primary key.
    ///
    /// # Errors
    /// `DoesNotExist` if the row is gone: saving never brings one back. `Conflict` if the model has a
    /// `#[field(version)]` and the row was changed since it was read. A violated constraint names its field.
    #[track_caller]
    fn save(&mut self, db: &Db) -> impl Future<Output = Result<()>> + Send {
        located(place::writing::<Self>(), async move {
            let values = all_but_key(self);
            self.write(db, values).await
        })
    }

    /// Writes some columns by the primary key: `book.save_only(&db, |b| (b.price, b.status))`.
    ///
    /// # Errors
    /// As [`save`](Self::save).
    #[track_caller]
    fn save_only<C: Columns<Self>>(
        &mut self,
        db: &Db,
        columns: impl FnOnce(&Self::Fields<Root<Self>>) -> C,
    ) -> impl Future<Output = Result<()>> + Send {
        let positions = columns(Self::fields()).positions();
        located(place::writing::<Self>(), async move {
            let values = positions.into_iter().map(|index| (index, self.value(index))).collect();
            self.write(db, values).await
        })
    }

    /// Changes the row and writes the columns that became different; nothing if none did.
    ///
    /// # Errors
    /// As [`save`](Self::save). The value in memory keeps the change.
    #[track_caller]
    fn change(&mut self, db: &Db, change: impl FnOnce(&mut Self)) -> impl Future<Output = Result<()>> + Send {
        let before = all_but_key(self);
        change(self);
        let changed: Vec<_> = before
            .into_iter()
            .map(|(index, old)| (index, old, self.value(index)))
            .filter(|(_, old, new)| old != new)
            .map(|(index, _, new)| (index, new))
            .collect();
        located(place::writing::<Self>(), async move {
            if changed.is_empty() { Ok(()) } else { self.write(db, changed).await }
        })
    }

    /// Deletes the row and what its relations say goes with it; counts what was deleted per model.
    ///
    /// # Errors
    /// `ForeignKey` if a `Protect` or `Restrict` relation holds it; the error names the rows.
    #[track_caller]
    fn delete(self, db: &Db) -> impl Future<Output = Result<Deleted>> + Send {
        located(place::writing::<Self>(), async move {
            delete::run_delete(db, Self::entry(), vec![self.key().to_value()]).await
        })
    }

    /// What one of the row's relations leads to, to read and to change: `author.related(|a| a.books())`.
    ///
    /// ```no_run
    /// # use nuages::prelude::*;
    /// # use nuages::auth::{Group, User};
    /// # async fn f(db: &Db, group: &Group, user: &User) -> nuages::Result<()> {
    /// user.related(|u| u.groups).add(db, [group]).await?;
    /// let count = user.related(|u| u.groups).objects().count(db).await?;
    /// # Ok(()) }
    /// ```
    fn related<S: Step, N: Nullness>(
        &self,
        build: impl FnOnce(&Self::Fields<Root<Self>>) -> Relation<Root<Self>, S, N>,
    ) -> Related<S> {
        Related::of(self, build(Self::fields()))
    }

    /// The row after this one in the order of a column: `book.get_next_by(&db, |b| b.published)`. Of rows with the
    /// same value the key decides; rows without a value are none.
    ///
    /// # Errors
    /// If the database fails.
    #[track_caller]
    fn get_next_by<T: Field<Base: OrderedField>>(
        &self,
        db: &Db,
        column: impl FnOnce(&Self::Fields<Root<Self>>) -> Column<Root<Self>, T>,
    ) -> impl Future<Output = Result<Option<Self>>> + Send {
        self.next_to(db, column(Self::fields()).column.index, false)
    }

    /// The row before this one in the order of a column, as [`get_next_by`](Self::get_next_by).
    ///
    /// # Errors
    /// If the database fails.
    #[track_caller]
    fn get_previous_by<T: Field<Base: OrderedField>>(
        &self,
        db: &Db,
        column: impl FnOnce(&Self::Fields<Root<Self>>) -> Column<Root<Self>, T>,
    ) -> impl Future<Output = Result<Option<Self>>> + Send {
        self.next_to(db, column(Self::fields()).column.index, true)
    }

    /// The row next to this one in the order of the column at a position.
    #[doc(hidden)]
    #[track_caller]
    fn next_to(
        &self,
        db: &Db,
        index: usize,
        backwards: bool,
    ) -> impl Future<Output = Result<Option<Self>>> + Send {
        let columns = std::iter::once(index).chain(Self::schema().key_columns().iter().copied());
        let values = columns.map(|index| (index, self.value(index))).collect();
        located(place::refreshing::<Self>(), async move {
            let row = neighbour(db, Self::schema(), values, backwards).await?;
            row.map(|row| Self::read(&row, 0)).transpose()
        })
    }

    /// Writes a file into the storage of one of the model's columns, and gives what the column holds. The client's
    /// name is only a wish. Inside a transaction the file is removed again if that is rolled back.
    ///
    /// ```no_run
    /// # use nuages::prelude::*;
    /// # use nuages::field::Image;
    /// # mod shop { use nuages::prelude::*; use nuages::field::Image;
    /// #[derive(Model)]
    /// pub struct Book {
    ///     pub id: i64,
    ///     #[field(upload_to = "covers/%Y", max_size = 5_000_000)]
    ///     pub cover: Option<Image>,
    /// }
    /// # }
    /// # use shop::*;
    /// # async fn f(db: &Db, bytes: Vec<u8>) -> nuages::Result<()> {
    /// let cover = Book::upload(db, |b| b.cover, "dune.png", bytes).await?;
    /// NewBook {}.with(|b| b.cover.set(cover)).create(db).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// `Validation` with the field, if the column does not take the file; and what the storage cannot do.
    fn upload<T: Field<Base: StoredFile>>(
        db: &Db,
        column: impl FnOnce(&Self::Fields<Root<Self>>) -> Column<Root<Self>, T>,
        name: &str,
        content: impl Into<bytes::Bytes>,
    ) -> BoxFuture<'static, Result<T::Base>> {
        let field = column(Self::fields()).column.field();
        let (db, name, content) = (db.clone(), name.to_owned(), content.into());
        Box::pin(async move {
            store_file(&db, field, &name, content).await.map(|file| StoredFile::stored(file.name))
        })
    }

    /// Reads the row again.
    ///
    /// # Errors
    /// `DoesNotExist` if it is gone.
    #[track_caller]
    fn refresh(&mut self, db: &Db) -> impl Future<Output = Result<()>> + Send {
        located(place::refreshing::<Self>(), async move {
            let statement = sql::by_key(db, Self::schema(), self.key().to_value())?;
            let row = db.fetch_optional(statement).await?;
            let row = row.ok_or_else(|| super::run::does_not_exist(Self::schema()))?;
            *self = Self::read(&row, 0)?;
            Ok(())
        })
    }

    /// Writes columns of this row and takes over what the database made of them.
    #[doc(hidden)]
    fn write(&mut self, db: &Db, values: Vec<(usize, Value)>) -> impl Future<Output = Result<()>> + Send {
        async move {
            let version = Self::schema().version().map(|index| self.value(index));
            let row =
                update::update_row_at(db, Self::entry(), self.key().to_value(), values, version).await?;
            if let Some(row) = row {
                *self = Self::read(&row, 0)?;
            }
            Ok(())
        }
    }
}

impl<M: Model> ModelOperations for M {}

fn all_but_key<M: Model>(row: &M) -> Vec<(usize, Value)> {
    let schema = M::schema();
    (0..schema.fields.len())
        .filter(|index| !schema.is_key(*index) && !schema.fields[*index].options.generated)
        .map(|index| (index, row.value(index)))
        .collect()
}

/// Columns of a model: one or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name columns of the model",
    label = "expected a column such as `b.price`, or a tuple of them"
)]
pub trait Columns<M: Model> {
    /// Their positions.
    fn positions(self) -> Vec<usize>;
}

impl<M: Model, T: Field> Columns<M> for Column<Root<M>, T> {
    fn positions(self) -> Vec<usize> {
        self.reference().parts().map(|column| column.index).collect()
    }
}

impl<M: Model, K: Key<Model = M>, T: Model, N: Nullness> Columns<M> for Relation<Root<M>, Forward<K, T>, N> {
    fn positions(self) -> Vec<usize> {
        vec![K::INDEX]
    }
}

macro_rules! column_tuples {
    ($(($($name:ident),+))*) => {$(
        impl<M: Model, $($name: Columns<M>),+> Columns<M> for ($($name,)+) {
            #[allow(non_snake_case, reason = "the type parameters name the parts")]
            fn positions(self) -> Vec<usize> {
                let ($($name,)+) = self;
                let mut all = Vec::new();
                $(all.extend($name.positions());)+
                all
            }
        }
    )*};
}

column_tuples! {
    (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) (A, B, C, D, E, F, G)
    (A, B, C, D, E, F, G, H)
}
