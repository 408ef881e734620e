//! What is written at the end of a request.

use super::record::{self, Record};
use super::{CookieChange, Session, SessionStore, SessionToken};
use crate::{Db, Error, ErrorKind, Result};
use chrono::Utc;

/// How often a change is laid over what others wrote meanwhile.
const ATTEMPTS: usize = 8;

/// What has to be done.
enum Plan {
    Nothing,
    /// Only the end moves.
    Touch(Record),
    /// A new row.
    Insert(Record),
    /// The row gets a new token.
    Replace(SessionToken, Record),
    /// The row gets new data.
    Update(Record),
    /// Nothing is left to keep.
    Delete(SessionToken),
    /// The browser holds a token that opens nothing.
    Forget,
}

impl Session {
    /// Writes what changed, once, at the end of a request that did not fail, and says
    /// what becomes of the browser's cookie. A session that was not used costs nothing here.
    ///
    /// # Errors
    /// When the database fails, or another request ended the session meanwhile: then
    /// the answer is 400 ([`BadRequest`](ErrorKind::BadRequest)) and nothing is written.
    pub async fn commit(&self, db: &Db) -> Result<CookieChange> {
        match self.plan()? {
            Plan::Nothing => Ok(CookieChange::Keep),
            Plan::Forget => Ok(CookieChange::Remove),
            Plan::Delete(token) => {
                SessionStore::delete(db, &token).await?;
                Ok(CookieChange::Remove)
            }
            Plan::Touch(record) => self.touch(db, record).await,
            Plan::Insert(record) => self.insert(db, record).await,
            Plan::Replace(old, record) => self.replace(db, old, record).await,
            Plan::Update(record) => self.update(db, record).await,
        }
    }

    fn plan(&self) -> Result<Plan> {
        let state = self.state();
        if !state.loaded {
            return Ok(Plan::Nothing);
        }
        let empty = state.data.is_empty() && state.user.is_none();
        Ok(match &state.record {
            None if !empty => Plan::Insert(self.fresh(&state)?),
            None if state.presented.is_some() => Plan::Forget,
            None => Plan::Nothing,
            Some(record) if empty => Plan::Delete(record.token.clone()),
            Some(record) if state.next.is_some() => Plan::Replace(record.token.clone(), self.fresh(&state)?),
            Some(record) if !state.changes.is_empty() => Plan::Update(self.changed(&state, record)),
            Some(record) => self.touch_plan(record),
        })
    }

    /// The end moves in steps of a tenth of the idle time, so that reading seldom writes.
    fn touch_plan(&self, record: &Record) -> Plan {
        let expires = record::expires(&self.settings, &record.data, record.created);
        let step = record::idle_time(&self.settings, &record.data) / 10;
        if (expires - record.expires).to_std().is_ok_and(|gain| gain >= step) {
            Plan::Touch(Record { expires, ..record.clone() })
        } else {
            Plan::Nothing
        }
    }

    /// A row with a new token; its age begins now.
    fn fresh(&self, state: &super::handle::State) -> Result<Record> {
        let created = Utc::now();
        Ok(Record {
            token: state.next.clone().map_or_else(SessionToken::generate, Ok)?,
            user: state.user.clone(),
            expires: record::expires(&self.settings, &state.data, created),
            data: state.data.clone(),
            created,
            version: 1,
        })
    }

    fn changed(&self, state: &super::handle::State, record: &Record) -> Record {
        Record {
            user: state.user.clone(),
            expires: record::expires(&self.settings, &state.data, record.created),
            data: state.data.clone(),
            ..record.clone()
        }
    }

    async fn touch(&self, db: &Db, record: Record) -> Result<CookieChange> {
        if SessionStore::touch(db, &record.token, record.expires).await? {
            Ok(self.written(record))
        } else {
            Ok(CookieChange::Remove)
        }
    }

    async fn insert(&self, db: &Db, record: Record) -> Result<CookieChange> {
        SessionStore::insert(db, &record).await?;
        Ok(self.written(record))
    }

    /// Old row away, new row there, or neither. Where the old one was ended by another
    /// request, this one does not bring it back under a new token.
    async fn replace(&self, db: &Db, old: SessionToken, record: Record) -> Result<CookieChange> {
        db.atomic(async |db| {
            if SessionStore::delete(&db, &old).await? {
                SessionStore::insert(&db, &record).await
            } else {
                Err(interrupted())
            }
        })
        .await?;
        Ok(self.written(record))
    }

    async fn update(&self, db: &Db, mut record: Record) -> Result<CookieChange> {
        for _ in 0..ATTEMPTS {
            if SessionStore::update(db, &record).await? {
                record.version += 1;
                return Ok(self.written(record));
            }
            let Some((data, version)) = SessionStore::current(db, &record.token).await? else {
                return Err(interrupted());
            };
            record.version = version;
            record.data = data;
            for (key, value) in &self.state().changes {
                match value {
                    Some(value) => drop(record.data.insert(key.clone(), value.clone())),
                    None => drop(record.data.remove(key)),
                }
            }
        }
        Err(Error::new(ErrorKind::Serialization, "the session is changed by too many requests at once"))
    }

    /// What was written is what is known from now on.
    fn written(&self, record: Record) -> CookieChange {
        let age = record::cookie_age(&self.settings, &record.data, record.expires);
        let cookie = CookieChange::Set(record.token.clone(), age);
        let mut state = self.state();
        state.presented = Some(record.token.clone());
        state.data = record.data.clone();
        state.changes.clear();
        state.next = None;
        state.record = Some(record);
        cookie
    }
}

fn interrupted() -> Error {
    Error::new(ErrorKind::BadRequest, "the session was ended by another request; log in again")
}
