//! Queries: [`QuerySet`] is a typed shell over one untyped tree, [`Select`].
//!
//! Each method copies, changes one thing and returns. Nothing asks the
//! database until one of the methods in [`run`](self) is awaited.

mod build;
mod bulk;
mod bulk_update;
mod collect;
mod combine;
mod conflict;
mod delete;
mod file;
mod find;
mod generic;
mod insert;
mod keyset;
mod layers;
mod lock;
mod many;
mod neighbour;
mod page;
mod place;
mod placeholder;
mod prefetch;
mod preview;
mod raw;
mod related;
mod repeats;
mod rows;
mod run;
mod save;
mod select;
mod shape;
mod signal;
mod stream;
mod unpack;
mod update;

pub use build::Named;
pub use collect::{Plan, PlannedRows, plan_delete};
pub(crate) use combine::Combination;
pub use combine::{Combined, SetOperator};
pub(crate) use conflict::Conflict;
pub use conflict::OnConflict;
pub use delete::{Deleted, run_delete, run_planned};
pub(crate) use file::url_of;
pub use file::{Uploaded, check_file, cleared_columns, store_file, upload_columns};
pub use generic::{GenericForeignKey, GenericRows, GenericTargets, about};
pub use insert::{Assignment, Assignments, Draft, New, insert_row};
pub use lock::RowLock;
pub use many::ManyRelation;
pub use page::{KeysetPage, Position};
pub use prefetch::{KeyValue, Prefetch, PrefetchPath};
pub use preview::{ByDatabase, plan_by_database};
pub use raw::{RawSql, RawValues};
pub use related::{Joining, ManyStep, Related};
pub use repeats::{HANDFUL, Repeat, repeats};
pub use rows::Rows;
pub use save::{Columns, ModelOperations};
pub use select::{Lock, LockWait, Order, OrderTerm, Ordering, Owner, Part, Select};
pub use shape::{
    Append, Cursor, FromParts, Groups, Shape, Slot, read_field, read_model, read_optional_field,
    read_optional_model,
};
pub use signal::{Event, ManyAction, ManyChange, Receiver, Signal};
pub use update::{update_row, update_row_at};

use std::marker::PhantomData;

use crate::expr::{Comparison, Condition, Expr};
use crate::field::{ColumnRef, Field};
use crate::model::Model;
use crate::path::{Hop, HopKind};

/// A query about the rows of `M`, each of which is handed out with the parts `S`.
///
/// ```no_run
/// # use nuages::prelude::*;
/// # async fn f(db: Db) -> nuages::Result<()> {
/// # use nuages::auth::User;
/// let staff: Vec<User> = User::objects()
///     .filter(|u| u.is_staff.eq(true) & u.username.startswith("a"))
///     .order_by(|u| u.username)
///     .all(&db)
///     .await?;
/// # Ok(()) }
/// ```
#[must_use = "a query does nothing until it is run, as with `.all(&db).await`"]
pub struct QuerySet<M, S = (M,)> {
    select: Select,
    marker: PhantomData<fn() -> (M, S)>,
}

impl<M, S> Clone for QuerySet<M, S> {
    fn clone(&self) -> Self {
        Self { select: self.select.clone(), marker: PhantomData }
    }
}

impl<M: Model> QuerySet<M> {
    /// All rows of the model.
    pub fn new() -> Self {
        Self::from_select(Select::of(M::schema()))
    }
}

impl<M: Model> Default for QuerySet<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M, S> QuerySet<M, S> {
    /// The rows whose foreign key at a position refers to a row.
    pub fn referring<T: Model>(index: usize, row: &T) -> Self
    where
        M: Model,
    {
        let mut select = Select::of(M::schema());
        let column = ColumnRef { hops: None, model: M::schema, index };
        let key = Expr::Value(row.key().to_value());
        select.filters.push(Condition::Compare(Expr::Column(column), Comparison::Equal, key));
        Self::from_select(select)
    }

    /// The rows whose many-to-many relation at a position leads to a row.
    pub fn joined_with<T: Model>(index: usize, row: &T) -> Self
    where
        M: Model,
    {
        let mut select = Select::of(M::schema());
        let hop = Hop::interned(HopKind::ManyToMany, M::schema, index);
        let column = ColumnRef { hops: Some(hop), model: T::schema, index: T::schema().key };
        let key = Expr::Value(row.key().to_value());
        select.filters.push(Condition::Compare(Expr::Column(column), Comparison::Equal, key));
        Self::from_select(select)
    }

    /// A query from its untyped form. The caller answers for the types.
    pub const fn from_select(select: Select) -> Self {
        Self { select, marker: PhantomData }
    }

    /// The untyped form.
    #[must_use]
    pub fn into_select(self) -> Select {
        self.select
    }

    /// The untyped form, to look at.
    #[must_use]
    pub const fn select(&self) -> &Select {
        &self.select
    }

    fn change(mut self, change: impl FnOnce(&mut Select)) -> Self {
        change(&mut self.select);
        self
    }

    fn cast<T>(self) -> QuerySet<M, T> {
        QuerySet::from_select(self.select)
    }
}
