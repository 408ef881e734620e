//! What saving a form must not do: give or take rights, whatever the columns are called that they come from.

use nuages::admin::rows;
use nuages::auth::UserEntry;
use nuages::backend::{Db, Row};
use nuages::model::ModelEntry;
use nuages::value::Value;
use nuages::{Error, ErrorKind, Result};

use crate::asked::Asked;
use crate::registry::is_user;

/// The rights that a row of the user model has by itself.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Rights {
    staff: bool,
    superuser: bool,
}

impl Rights {
    fn of(row: &Row) -> Result<Self> {
        let user = UserEntry::current().read(row, 0)?;
        Ok(Self { staff: user.staff(), superuser: user.superuser() })
    }
}

/// Watches the writing of a row that somebody who is no superuser asked for. Which columns make a superuser
/// is the project's business, so what the row says is compared before and after.
pub(crate) struct Guard(Option<Rights>);

impl Guard {
    /// Looks at the row before it is written; none for a new one.
    ///
    /// # Errors
    /// `PermissionDenied` for a superuser's row.
    pub(crate) fn before(asked: &Asked, entry: &ModelEntry, held: Option<&Row>) -> Result<Self> {
        if !is_user(entry) || asked.by.is_superuser {
            return Ok(Self(None));
        }
        let rights = held.map(Rights::of).transpose()?.unwrap_or_default();
        if rights.superuser {
            return Err(denied("Only a superuser may change a superuser."));
        }
        Ok(Self(Some(rights)))
    }

    /// Looks at the row as it was written, in the same transaction.
    ///
    /// # Errors
    /// `PermissionDenied` if it may enter the admin now and could not before, or the other way round, or is a
    /// superuser now.
    pub(crate) async fn after(self, db: &Db, entry: &ModelEntry, key: Value) -> Result<()> {
        let Some(before) = self.0 else { return Ok(()) };
        let Some(row) = rows::find(db, entry.schema, key, false).await? else { return Ok(()) };
        if Rights::of(&row)? == before {
            return Ok(());
        }
        Err(denied("Only a superuser may decide who is a superuser and who may enter the admin."))
    }
}

fn denied(text: &'static str) -> Error {
    Error::new(ErrorKind::PermissionDenied, text)
}
