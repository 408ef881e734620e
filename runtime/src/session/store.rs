//! The table of sessions: one statement for each thing that happens to one.

use super::record::{Data, Record, key_text, parse_data};
use super::{SessionToken, spelled};
use crate::backend::{Backend, Row, quote_identifier};
use crate::value::{ColumnKind, DateTime, Value};
use crate::{Db, Result};
use chrono::Utc;

/// The statements on the table `nuages_session`.
///
/// Nothing here inserts a row unless asked for a *new* session: a change is an
/// `UPDATE` that finds the row or does not.
pub struct SessionStore;

/// The user's table, to read session and user in one statement.
#[derive(Clone, Debug)]
pub struct UserTable {
    /// The table.
    pub table: &'static str,
    /// The column of its key.
    pub key: &'static str,
    /// What that column holds.
    pub kind: ColumnKind,
    /// What to read.
    pub columns: Vec<&'static str>,
}

impl SessionStore {
    /// Deletes the sessions that have ended by themselves, and says how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clear_expired(db: &Db) -> Result<u64> {
        let sql = "DELETE FROM nuages_session WHERE expires <= ?";
        db.execute(spelled(db.backend(), sql, vec![Utc::now().into()])).await
    }

    /// Ends every session of a user, except one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_all_of(db: &Db, user: Value, except: Option<&SessionToken>) -> Result<u64> {
        let except = except.map(SessionToken::digest).unwrap_or_default();
        let sql = "DELETE FROM nuages_session WHERE user_id = ? AND token_hash <> ?";
        db.execute(spelled(db.backend(), sql, vec![key_text(&user).into(), except.into()])).await
    }

    /// The row of a live session, with the columns of its user behind [`Record::WIDTH`].
    pub(super) async fn load(db: &Db, token: &SessionToken, user: Option<&UserTable>) -> Result<Option<Row>> {
        let sql = select(db.backend(), user)?;
        let args = vec![token.digest().into(), Utc::now().into()];
        db.fetch_optional(spelled(db.backend(), &sql, args)).await
    }

    pub(super) async fn insert(db: &Db, record: &Record) -> Result<()> {
        let mut args: Vec<Value> = vec![
            record.token.digest().into(),
            auth_hash(record).into(),
            text(&record.data).into(),
            record.created.into(),
            record.expires.into(),
            record.version.into(),
        ];
        args.push(record.user.as_ref().map(|user| user.key.clone()).into());
        let sql = "INSERT INTO nuages_session (token_hash, auth_hash, data, created, expires, version, user_id) \
            VALUES (?, ?, ?, ?, ?, ?, ?)";
        db.execute(spelled(db.backend(), sql, args)).await.map(drop)
    }

    /// Writes data over the version that was read. False: the row changed meanwhile, or is gone.
    pub(super) async fn update(db: &Db, record: &Record) -> Result<bool> {
        let sql = "UPDATE nuages_session SET data = ?, auth_hash = ?, expires = ?, version = version + 1 \
            WHERE token_hash = ? AND version = ?";
        let args = vec![
            text(&record.data).into(),
            auth_hash(record).into(),
            record.expires.into(),
            record.token.digest().into(),
            record.version.into(),
        ];
        Ok(db.execute(spelled(db.backend(), sql, args)).await? > 0)
    }

    /// Data and version as they are now; none if the session was ended.
    pub(super) async fn current(db: &Db, token: &SessionToken) -> Result<Option<(Data, i64)>> {
        let sql = "SELECT data, version FROM nuages_session WHERE token_hash = ?";
        let row = db.fetch_optional(spelled(db.backend(), sql, vec![token.digest().into()])).await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((parse_data(&row.text(0)?.unwrap_or_default())?, row.i64(1)?.unwrap_or_default())))
    }

    /// Puts the end further away, if the session is still there.
    pub(super) async fn touch(db: &Db, token: &SessionToken, expires: DateTime) -> Result<bool> {
        let sql = "UPDATE nuages_session SET expires = ? WHERE token_hash = ?";
        let args = vec![expires.into(), token.digest().into()];
        Ok(db.execute(spelled(db.backend(), sql, args)).await? > 0)
    }

    /// Ends a session. False: it had ended already.
    pub(super) async fn delete(db: &Db, token: &SessionToken) -> Result<bool> {
        let sql = "DELETE FROM nuages_session WHERE token_hash = ?";
        Ok(db.execute(spelled(db.backend(), sql, vec![token.digest().into()])).await? > 0)
    }
}

/// The one statement of the hot path.
fn select(backend: Backend, user: Option<&UserTable>) -> Result<String> {
    let mut columns = Record::COLUMNS.to_owned();
    let mut join = String::new();
    if let Some(user) = user {
        for column in &user.columns {
            columns.push_str(", u.");
            columns.push_str(&quote_identifier(backend, column)?);
        }
        let (table, key) = (quote_identifier(backend, user.table)?, quote_identifier(backend, user.key)?);
        join = format!(" LEFT JOIN {table} u ON u.{key} = {}", typed_key(backend, user.kind));
    }
    Ok(format!("SELECT {columns} FROM nuages_session s{join} WHERE s.token_hash = ? AND s.expires > ?"))
}

/// The session's user as the type that the key of the user's table has, so that its index is used.
fn typed_key(backend: Backend, kind: ColumnKind) -> &'static str {
    match (backend, kind) {
        (Backend::Postgres, ColumnKind::Uuid) => "CAST(s.user_id AS uuid)",
        (Backend::Mysql, kind) if kind.is_integer() => "CAST(s.user_id AS SIGNED)",
        (_, kind) if kind.is_integer() => "CAST(s.user_id AS bigint)",
        _ => "s.user_id",
    }
}

fn auth_hash(record: &Record) -> String {
    record.user.as_ref().map(|user| user.auth_hash.clone()).unwrap_or_default()
}

fn text(data: &Data) -> String {
    serde_json::Value::Object(data.clone()).to_string()
}
