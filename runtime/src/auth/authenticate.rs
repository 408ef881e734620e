//! Is it who it says it is?

use super::hash::{HashError, PasswordHasher};
use super::user::{AnyUser, UserEntry};
use crate::backend::quote_identifier;
use crate::query::{Select, update_row};
use crate::session::spelled;
use crate::value::Value;
use crate::{Db, Error, Result, sql};
use std::sync::Arc;

/// No name is longer than this; the column of Django's e-mail addresses has 254.
const MAX_NAME_CHARS: usize = 254;

/// The user with this name and password, if there is one who may log in.
///
/// It costs one hash whether there is such a user or not, so that its time tells
/// nobody which names exist. A password that is stored in an older form is hashed
/// anew. It does not count attempts; [`log_in`](super::log_in) does.
///
/// ```no_run
/// # async fn example(db: &nuages::Db) -> nuages::Result<()> {
/// if let Some(user) = nuages::auth::authenticate(db, "ada", "analytical engine").await? {
///     println!("hello {}", user.shown_name());
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// When the database fails.
pub async fn authenticate(db: &Db, name: &str, password: &str) -> Result<Option<Arc<dyn AnyUser>>> {
    authenticate_with(db, &PasswordHasher::shared(), UserEntry::current(), name, password).await
}

/// As [`authenticate`], with another hasher or user model.
///
/// # Errors
/// When the database fails.
pub async fn authenticate_with(
    db: &Db,
    hasher: &PasswordHasher,
    model: UserEntry,
    name: &str,
    password: &str,
) -> Result<Option<Arc<dyn AnyUser>>> {
    let user = find_user(db, model, name).await?;
    let checked = match &user {
        Some(user) => hasher.verify(password, user.stored_password()).await,
        None => hasher.verify_nothing(password).await,
    };
    let checked = match checked {
        Ok(checked) => checked,
        // Refused before hashing, for every name alike.
        Err(HashError::TooLong) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let Some(user) = user.filter(|user| checked.matches && user.active()) else { return Ok(None) };
    if checked.needs_upgrade { upgrade(db, hasher, model, user, password).await } else { Ok(Some(user)) }
}

/// Stores the password in today's form. If another one was stored meanwhile, that one decides.
async fn upgrade(
    db: &Db,
    hasher: &PasswordHasher,
    model: UserEntry,
    user: Arc<dyn AnyUser>,
    password: &str,
) -> Result<Option<Arc<dyn AnyUser>>> {
    let (stored, old) = (hasher.hash(password).await?, user.stored_password().to_owned());
    let replaced = write_password(db, model, &*user, stored, Some(old)).await?;
    let Some(fresh) = find_user_by_key(db, model, user.key_value()).await? else { return Ok(None) };
    let valid = replaced || hasher.verify(password, fresh.stored_password()).await?.matches;
    Ok(Some(fresh).filter(|fresh| valid && fresh.active()))
}

/// The user who logs in with this name.
///
/// # Errors
/// When the database fails.
pub async fn find_user(db: &Db, model: UserEntry, name: &str) -> Result<Option<Arc<dyn AnyUser>>> {
    // PostgreSQL refuses a text with a NUL; nobody has such a name.
    if name.is_empty() || name.contains('\0') || name.chars().nth(MAX_NAME_CHARS).is_some() {
        return Ok(None);
    }
    find_by(db, model, model.name_column()?, name.into()).await
}

/// The user with this key.
///
/// # Errors
/// When the database fails.
pub async fn find_user_by_key(db: &Db, model: UserEntry, key: Value) -> Result<Option<Arc<dyn AnyUser>>> {
    find_by(db, model, model.schema().key_field().column, key).await
}

async fn find_by(db: &Db, model: UserEntry, column: &str, value: Value) -> Result<Option<Arc<dyn AnyUser>>> {
    let (backend, table) = (db.backend(), model.table());
    let quoted: Result<Vec<_>> =
        table.columns.iter().map(|column| quote_identifier(backend, column)).collect();
    let sql = format!(
        "SELECT {} FROM {} WHERE {} = ? LIMIT 2",
        quoted?.join(", "),
        quote_identifier(backend, table.table)?,
        quote_identifier(backend, column)?
    );
    let rows = db.fetch(spelled(backend, &sql, vec![value])).await?;
    match &rows[..] {
        [] => Ok(None),
        [row] => model.read(row, 0).map(Some),
        _ => Err(Error::other(format!("two users have the same `{column}`; make the field unique"))),
    }
}

/// Stores a hash as any other change of the user is written; with `only_if`, only where that is still stored.
/// Says whether it was.
pub(super) async fn write_password(
    db: &Db,
    model: UserEntry,
    user: &dyn AnyUser,
    stored: String,
    only_if: Option<String>,
) -> Result<bool> {
    let (entry, key, password) = (model.model(), user.key_value(), model.password_position()?);
    db.atomic(async |db| {
        if let Some(old) = only_if {
            let select = Select::of_keys(entry.schema, vec![key.clone()]).locked_where_possible(&db);
            let held = db.fetch_optional(sql::select(&db, &select)?).await?;
            let held = held.map(|row| row.text(password)).transpose()?.flatten();
            if held != Some(old) {
                return Ok(false);
            }
        }
        Box::pin(update_row(&db, entry, key, vec![(password, stored.into())])).await.map(|_| true)
    })
    .await
}
