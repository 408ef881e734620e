//! Row locks: `select_for_update`, and what `lock` says of it.

use std::marker::PhantomData;

use super::select::{Lock, LockWait};
use super::{QuerySet, Shape};
use crate::field::Relation;
use crate::model::Model;
use crate::path::{AlwaysThere, Nullness, Path, Root, Step, Via};

/// How the rows of a query about `M` are locked, until the transaction ends.
///
/// Several calls add up; of [`nowait`](Self::nowait) and [`skip_locked`](Self::skip_locked) the last one holds.
#[must_use = "a lock does nothing until `lock` takes it"]
pub struct RowLock<M> {
    lock: Lock,
    marker: PhantomData<fn() -> M>,
}

impl<M: Model> RowLock<M> {
    /// An error of kind [`Serialization`](crate::ErrorKind::Serialization) at once where somebody else holds a row.
    pub fn nowait(mut self) -> Self {
        self.lock.wait = LockWait::NoWait;
        self
    }

    /// Leaves out the rows that somebody else holds: for workers that share a queue.
    pub fn skip_locked(mut self) -> Self {
        self.lock.wait = LockWait::SkipLocked;
        self
    }

    /// Lets others insert rows that refer to the locked ones meanwhile. PostgreSQL only.
    pub fn no_key(mut self) -> Self {
        self.lock.no_key = true;
        self
    }

    /// Locks the rows of the query's own model; said beside [`of`](Self::of).
    pub fn of_self(mut self) -> Self {
        self.lock.of.push(None);
        self
    }

    /// Locks the rows that a relation leads to, and no others unless they are named too. PostgreSQL and MySQL 8; not
    /// MariaDB. A relation that may lead nowhere cannot be locked, and does not compile.
    pub fn of<P, R, N>(mut self, relation: impl FnOnce(&M::Fields<Root<M>>) -> Relation<P, R, N>) -> Self
    where
        P: Path<Root = M>,
        R: Step,
        N: Nullness,
        Via<P, R, N>: Path<Null: AlwaysThere>,
    {
        self.lock.of.push(relation(M::fields()).hop());
        self
    }
}

impl<M: Model, S: Shape> QuerySet<M, S> {
    /// Locks the rows that the query reads until the transaction ends; others that want to change or lock them wait.
    ///
    /// Of a query with `select_related` PostgreSQL locks the rows of its own model, MySQL and MariaDB those of all
    /// tables. When it is run, it is an error of kind [`NotSupported`](crate::ErrorKind::NotSupported) outside
    /// `atomic`, and on SQLite, which has no row locks (there `atomic` has the database to itself). Django ignores it
    /// there.
    ///
    /// ```
    /// use nuages::auth::User;
    /// use nuages::backend::Backend;
    /// use nuages::prelude::*;
    ///
    /// let query = User::objects().values(|u| u.id).select_for_update();
    /// assert!(query.to_sql(Backend::Postgres)?.sql.ends_with(" FOR UPDATE OF t0"));
    /// assert!(query.to_sql(Backend::Mysql)?.sql.ends_with(" FOR UPDATE"));
    /// # Ok::<(), nuages::Error>(())
    /// ```
    pub fn select_for_update(self) -> Self {
        self.lock(|lock| lock)
    }

    /// As [`select_for_update`](Self::select_for_update), saying more: `.lock(|l| l.skip_locked())`.
    ///
    /// What the connected database does not have is an error of kind
    /// [`NotSupported`](crate::ErrorKind::NotSupported) before anything is sent.
    ///
    /// ```
    /// use nuages::auth::User;
    /// use nuages::backend::Backend;
    /// use nuages::prelude::*;
    ///
    /// let query = User::objects().values(|u| u.id).lock(|l| l.no_key().skip_locked());
    /// assert!(query.to_sql(Backend::Postgres)?.sql.ends_with(" FOR NO KEY UPDATE OF t0 SKIP LOCKED"));
    /// assert!(query.to_sql(Backend::Mysql).is_err());
    /// # Ok::<(), nuages::Error>(())
    /// ```
    pub fn lock(self, build: impl FnOnce(RowLock<M>) -> RowLock<M>) -> Self {
        let lock = build(RowLock { lock: Lock::default(), marker: PhantomData }).lock;
        self.change(|select| select.lock = Some(lock))
    }
}
