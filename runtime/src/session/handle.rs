//! The session as a request sees it.

use super::record::{self, Data, Record, SessionUser};
use super::store::{SessionStore, UserTable};
use super::{SessionExpiry, SessionSettings, SessionToken};
use crate::backend::Row;
use crate::value::Json;
use crate::{Db, Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The session of one request. Clones are the same session.
#[derive(Clone)]
pub struct Session {
    pub(super) settings: Arc<SessionSettings>,
    state: Arc<Mutex<State>>,
}

/// What is known of it, and what is to be written.
#[derive(Default)]
pub(super) struct State {
    /// The token that the browser sent.
    pub(super) presented: Option<SessionToken>,
    /// Whether the table was asked. Before that nothing is known.
    pub(super) loaded: bool,
    /// The row, if there is one.
    pub(super) record: Option<Record>,
    pub(super) data: Data,
    /// What changed since it was loaded, to be laid over what others wrote meanwhile.
    pub(super) changes: BTreeMap<String, Option<Json>>,
    pub(super) user: Option<SessionUser>,
    /// The token that it gets instead of the one it has.
    pub(super) next: Option<SessionToken>,
}

impl Session {
    /// The session that belongs to a token which a browser sent, or to none yet. Nothing is
    /// read; without a token there is nothing to read, and the session counts as loaded.
    #[must_use]
    pub fn new(settings: Arc<SessionSettings>, presented: Option<SessionToken>) -> Self {
        let state = State { loaded: presented.is_none(), presented, ..State::default() };
        Self { settings, state: Arc::new(Mutex::new(state)) }
    }

    /// Reads the session, once. A visitor without a cookie costs no query.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(&self, db: &Db) -> Result<()> {
        self.load_with_user(db, None).await.map(drop)
    }

    /// As [`load`](Self::load), and hands out the row with the user's columns after the
    /// session's own, with the position of the first; none if there is no such user.
    pub(crate) async fn load_with_user(
        &self,
        db: &Db,
        user: Option<&UserTable>,
    ) -> Result<Option<(Row, usize)>> {
        let presented = {
            let state = self.state();
            if state.loaded {
                return Ok(None);
            }
            state.presented.clone()
        };
        let row = match &presented {
            Some(token) => SessionStore::load(db, token, user).await?,
            None => None,
        };
        let record = match (&row, presented) {
            (Some(row), Some(token)) => Some(Record::read(row, token)?),
            _ => None,
        };
        let someone = record.as_ref().is_some_and(|record| record.user.is_some());
        self.state().fill(record);
        Ok(row.filter(|_| someone).map(|row| (row, Record::WIDTH)))
    }

    /// Whether it was read already.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.state().loaded
    }

    /// Whether the browser sent a token, of whatever worth.
    #[must_use]
    pub fn is_presented(&self) -> bool {
        self.state().presented.is_some()
    }

    /// What is kept under a key.
    ///
    /// # Errors
    /// When it is of another type, or the session was not loaded.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        let found = self.loaded()?.data.get(key).cloned();
        found.map(serde_json::from_value).transpose().map_err(|error| wrong_type(key, error))
    }

    /// Whether anything is kept under a key.
    ///
    /// # Errors
    /// When the session was not loaded.
    pub fn contains(&self, key: &str) -> Result<bool> {
        Ok(self.loaded()?.data.contains_key(key))
    }

    /// Keeps a value under a key.
    ///
    /// # Errors
    /// When it does not serialize, or the session was not loaded.
    pub fn set<T: Serialize>(&self, key: &str, value: T) -> Result<()> {
        let value = serde_json::to_value(value).map_err(|error| wrong_type(key, error))?;
        self.loaded()?.change(key, Some(value));
        Ok(())
    }

    /// Forgets a key.
    ///
    /// # Errors
    /// When the session was not loaded.
    pub fn remove(&self, key: &str) -> Result<()> {
        self.loaded()?.change(key, None);
        Ok(())
    }

    /// Takes out what is kept under a key.
    ///
    /// # Errors
    /// When it is of another type, or the session was not loaded.
    pub fn pop<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        let found = self.get(key)?;
        self.remove(key)?;
        Ok(found)
    }

    /// Forgets every key. Who is logged in stays so.
    ///
    /// # Errors
    /// When the session was not loaded.
    pub fn clear(&self) -> Result<()> {
        self.loaded()?.clear();
        Ok(())
    }

    /// Gives the session a new token and keeps what it holds. To be done whenever
    /// the visitor gets more rights than before.
    ///
    /// # Errors
    /// When the session was not loaded, or there is no randomness.
    pub fn cycle(&self) -> Result<()> {
        self.loaded()?.next = Some(SessionToken::generate()?);
        Ok(())
    }

    /// Ends the session at once and forgets everything. What is set afterwards
    /// begins a new session with a new token.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn flush(&self, db: &Db) -> Result<()> {
        let (presented, record) = {
            let state = self.state();
            (state.presented.clone(), state.record.as_ref().map(|record| record.token.clone()))
        };
        if let Some(token) = record.or(presented) {
            SessionStore::delete(db, &token).await?;
        }
        self.state().fill(None);
        Ok(())
    }

    /// How long this session lives without use.
    ///
    /// # Errors
    /// When the session was not loaded.
    pub fn set_expiry(&self, expiry: SessionExpiry) -> Result<()> {
        let (key, entry) = record::expiry_entry(expiry);
        self.loaded()?.change(&key, entry);
        Ok(())
    }

    /// How long this session lives without use, as it was set.
    ///
    /// # Errors
    /// When the session was not loaded.
    pub fn expiry(&self) -> Result<SessionExpiry> {
        Ok(record::expiry(&self.loaded()?.data))
    }

    /// When the session ends if it is not used again.
    ///
    /// # Errors
    /// When the session was not loaded.
    pub fn expires(&self) -> Result<crate::value::DateTime> {
        let state = self.loaded()?;
        let created = state.record.as_ref().map_or_else(chrono::Utc::now, |record| record.created);
        Ok(record::expires(&self.settings, &state.data, created))
    }

    /// The token that the browser holds.
    pub(crate) fn token(&self) -> Option<SessionToken> {
        self.state().presented.clone()
    }

    /// The key of who is logged in, with the proof of the password.
    pub(crate) fn user(&self) -> Result<Option<(String, String)>> {
        Ok(self.loaded()?.user.as_ref().map(|user| (user.key.clone(), user.auth_hash.clone())))
    }

    /// Makes it the session of a user, with a new token. What somebody else left in it goes.
    pub(crate) fn log_in(&self, key: String, auth_hash: String) -> Result<SessionToken> {
        let token = SessionToken::generate()?;
        let mut state = self.loaded()?;
        if state.user.as_ref().is_some_and(|user| user.key != key) {
            state.clear();
        }
        state.user = Some(SessionUser { key, auth_hash });
        state.next = Some(token.clone());
        Ok(token)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn loaded(&self) -> Result<MutexGuard<'_, State>> {
        let state = self.state();
        if state.loaded {
            return Ok(state);
        }
        Err(Error::other(
            "the session was not loaded; take `Session` as an argument, or await `session.load(&db)`",
        ))
    }
}

impl State {
    fn fill(&mut self, record: Option<Record>) {
        self.loaded = true;
        self.data = record.as_ref().map(|record| record.data.clone()).unwrap_or_default();
        self.user = record.as_ref().and_then(|record| record.user.clone());
        self.changes.clear();
        self.next = None;
        self.record = record;
    }

    fn change(&mut self, key: &str, value: Option<Json>) {
        match &value {
            Some(value) => drop(self.data.insert(key.to_owned(), value.clone())),
            None if self.data.remove(key).is_none() => return,
            None => {}
        }
        self.changes.insert(key.to_owned(), value);
    }

    fn clear(&mut self) {
        for (key, _) in std::mem::take(&mut self.data) {
            self.changes.insert(key, None);
        }
    }
}

/// What it holds is nobody's business in a log.
impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("loaded", &self.is_loaded()).finish_non_exhaustive()
    }
}

fn wrong_type(key: &str, error: serde_json::Error) -> Error {
    Error::from(error).context(format!("the session's `{key}` is of another type"))
}
