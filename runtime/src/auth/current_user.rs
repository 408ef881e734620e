//! The project's user model, for models that do not know which one it is.

use super::request_user::RequestUser;
use super::user::{AnyUser, UserEntry};
use crate::Result;
use crate::backend::Row;
use crate::field::{Column, Field, ForeignKey, KeyOf};
use crate::model::{Model, ModelEntry};
use crate::path::{Companion, Key, NotNull, Nullness, Path};
use crate::query::{Cursor, Slot, read_model, read_optional_model};
use crate::session::key_text;
use crate::value::{ColumnKind, Value};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

/// A row of the project's user model, whichever that is.
///
/// A crate that others use refers to users by `ForeignKey<CurrentUser>`; table and type of the
/// key come from the project when the migration is applied. It dereferences to [`AnyUser`].
#[derive(Clone)]
pub struct CurrentUser(Arc<dyn AnyUser>);

/// The key of a [`CurrentUser`], of the type that the project's user model has.
#[derive(Clone, Debug, PartialEq)]
pub struct UserKey(Value);

/// The fields that every user model has: none by name. Queries compare the relation itself.
pub struct CurrentUserFields<P>(PhantomData<fn() -> P>);

impl<P: Path> Companion for CurrentUserFields<P> {
    type Model = CurrentUser;
    type Path = P;
    const ALL: &'static Self = &Self(PhantomData);
}

impl Model for CurrentUser {
    type Key = UserKey;
    type Fields<P: Path> = CurrentUserFields<P>;
    const NAMED: (&'static str, &'static str) = ("", "CurrentUser");

    fn entry() -> &'static ModelEntry {
        UserEntry::current().model()
    }

    fn read(row: &Row, at: usize) -> Result<Self> {
        UserEntry::current().read(row, at).map(Self)
    }

    fn key(&self) -> UserKey {
        UserKey(self.0.key_value())
    }

    fn value(&self, index: usize) -> Value {
        self.0.column_value(index)
    }
}

impl Slot for CurrentUser {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        read_model(cursor)
    }

    fn read_optional(cursor: &mut Cursor<'_>) -> Result<Option<Self>> {
        read_optional_model(cursor)
    }
}

/// The kind said here is that of the default user's key; the real one is asked of the project's model.
impl Field for UserKey {
    const KIND: ColumnKind = ColumnKind::BigInt;
    type Base = Self;
    type Optional = Option<Self>;
    type Null = NotNull;
    type In<P: Path, K: Key, N: Nullness> = Column<P, N::Of<Self>>;

    fn kind() -> ColumnKind {
        (UserEntry::current().schema().key_field().kind)()
    }

    fn to_value(&self) -> Value {
        self.0.clone()
    }

    fn read(row: &Row, at: usize) -> Result<Self> {
        row.value(at, Self::kind()).map(Self)
    }
}

impl Deref for CurrentUser {
    type Target = dyn AnyUser;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl From<&RequestUser> for CurrentUser {
    fn from(user: &RequestUser) -> Self {
        Self(Arc::clone(user.any()))
    }
}

impl From<Arc<dyn AnyUser>> for CurrentUser {
    fn from(user: Arc<dyn AnyUser>) -> Self {
        Self(user)
    }
}

impl KeyOf<CurrentUser> for &RequestUser {
    fn key_of(self) -> UserKey {
        UserKey(self.key())
    }
}

impl From<&RequestUser> for ForeignKey<CurrentUser> {
    fn from(user: &RequestUser) -> Self {
        Self::to(user)
    }
}

impl fmt::Display for UserKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&key_text(&self.0))
    }
}

impl fmt::Display for CurrentUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.shown_name())
    }
}

impl fmt::Debug for CurrentUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CurrentUser({:?})", self.0.login_name())
    }
}
