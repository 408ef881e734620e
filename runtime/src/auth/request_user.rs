//! The user of one request, with what may be done.

use super::permissions::Permissions;
use super::user::{AnyUser, AuthUser, downcast};
use crate::value::Value;
use crate::{Db, Error, ErrorKind, Result};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// The user who asks, of whatever model the project has. Clones are the same user, and
/// permissions are read once for all of them.
#[derive(Clone)]
pub struct RequestUser(Arc<Inner>);

struct Inner {
    user: Arc<dyn AnyUser>,
    permissions: OnceCell<Permissions>,
}

impl RequestUser {
    /// A user, with permissions not read yet.
    #[must_use]
    pub fn new(user: Arc<dyn AnyUser>) -> Self {
        Self(Arc::new(Inner { user, permissions: OnceCell::new() }))
    }

    /// The user without type.
    #[must_use]
    pub fn any(&self) -> &Arc<dyn AnyUser> {
        &self.0.user
    }

    /// The user as a value of the project's model.
    #[must_use]
    pub fn get<U: AuthUser>(&self) -> Option<&U> {
        downcast(&self.0.user)
    }

    /// The primary key.
    #[must_use]
    pub fn key(&self) -> Value {
        self.0.user.key_value()
    }

    /// What the user logs in with.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.user.login_name()
    }

    /// What pages call the user.
    #[must_use]
    pub fn display_name(&self) -> String {
        self.0.user.shown_name()
    }

    /// Whether the user may enter the admin.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.0.user.staff()
    }

    /// Whether the user has every right.
    #[must_use]
    pub fn is_superuser(&self) -> bool {
        self.0.user.superuser()
    }

    /// What the user may do; one statement for the whole request.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn permissions(&self, db: &Db) -> Result<&Permissions> {
        self.0.permissions.get_or_try_init(|| Permissions::of(db, &*self.0.user)).await
    }

    /// Whether the user may do this, such as `shop.add_book`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_perm(&self, db: &Db, permission: &str) -> Result<bool> {
        Ok(self.permissions(db).await?.has_perm(permission))
    }

    /// Refuses a user who may not do this.
    ///
    /// # Errors
    /// [`PermissionDenied`](ErrorKind::PermissionDenied), or when the database fails.
    pub async fn require(&self, db: &Db, permission: &str) -> Result<()> {
        if self.has_perm(db, permission).await? {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::PermissionDenied,
            format!("the permission `{permission}` is needed for this"),
        ))
    }
}

impl std::fmt::Debug for RequestUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RequestUser({:?})", self.name())
    }
}
