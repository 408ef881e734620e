//! Session, messages and user of one request: read together, at the first use.

use super::request_user::RequestUser;
use super::settings::AuthSettings;
use super::user::{AnyUser, UserEntry};
use crate::Result;
use crate::backend::Row;
use crate::http::RequestContext;
use crate::messages::{Level, Messages};
use crate::session::{Session, SessionToken, UserTable, key_text};
use crate::signing::{Keyring, constant_time_eq};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// The user's table, named in the statement that reads the session.
static TABLE: LazyLock<UserTable> = LazyLock::new(|| UserEntry::current().table());

/// What authentication knows of one request. It lies in a slot of the request's context.
#[derive(Clone)]
pub(crate) struct RequestAuth(Arc<Inner>);

struct Inner {
    keys: Keyring,
    session: Session,
    messages: Messages,
    user: Mutex<Option<RequestUser>>,
}

impl RequestAuth {
    /// The one of this request. Nothing is read yet.
    pub(crate) fn of(context: &RequestContext) -> Self {
        context.slot_or_insert_with(|| {
            let site = context.site();
            let settings = AuthSettings::of(site);
            let token = context.cookie(site.settings().session_cookie()).and_then(SessionToken::parse);
            let session = Session::new(Arc::new(settings.sessions.clone()), token);
            let least = if site.is_debug() { Level::Debug } else { Level::Info };
            Self(Arc::new(Inner {
                keys: site.keyring().clone(),
                messages: Messages::new(session.clone()).with_least(least),
                session,
                user: Mutex::default(),
            }))
        })
    }

    /// The one of this request with everything read: session and user in one statement, and
    /// none for a visitor who sent no cookie. The response is no longer for everybody.
    pub(crate) async fn load(context: &RequestContext) -> Result<Self> {
        let auth = Self::of(context);
        context.mark_personal();
        if auth.session().is_loaded() {
            context.touch();
            return Ok(auth);
        }
        let db = context.db();
        if let Some((row, at)) = auth.session().load_with_user(db, Some(&TABLE)).await? {
            match auth.recognise(&row, at)? {
                Some(user) => auth.set_user(Some(RequestUser::new(user))),
                // Gone, switched off, or the password is another one: that ends the session.
                None => auth.session().flush(db).await?,
            }
        }
        context.touch();
        Ok(auth)
    }

    pub(crate) fn session(&self) -> &Session {
        &self.0.session
    }

    pub(crate) fn messages(&self) -> &Messages {
        &self.0.messages
    }

    /// Who is logged in, once loaded.
    pub(crate) fn user(&self) -> Option<RequestUser> {
        self.0.user.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_user(&self, user: Option<RequestUser>) {
        *self.0.user.lock().unwrap_or_else(PoisonError::into_inner) = user;
    }

    /// The proof that a session was begun with the password that is stored now.
    pub(crate) fn auth_hash(&self, user: &dyn AnyUser) -> String {
        auth_hashes(&self.0.keys, user).next().unwrap_or_default()
    }

    /// The user of the session, if the session still holds for that user.
    fn recognise(&self, row: &Row, at: usize) -> Result<Option<Arc<dyn AnyUser>>> {
        let entry = UserEntry::current();
        if row.is_null(at + entry.schema().key)? {
            return Ok(None);
        }
        let user = entry.read(row, at)?;
        let Some((_, given)) = self.session().user()? else { return Ok(None) };
        let mut hashes = auth_hashes(&self.0.keys, &*user);
        let same = hashes.any(|hash| constant_time_eq(hash.as_bytes(), given.as_bytes()));
        drop(hashes);
        Ok(Some(user).filter(|user| same && user.active()))
    }
}

/// One for each accepted secret. Key and password go in, so that it holds for no other user.
fn auth_hashes(keys: &Keyring, user: &dyn AnyUser) -> impl Iterator<Item = String> {
    let (key, password) = (key_text(&user.key_value()), user.stored_password().to_owned());
    let parts = [key.as_bytes(), password.as_bytes()];
    let hashes: Vec<_> = keys.macs("session.auth", &parts).collect();
    hashes.into_iter().map(|hash| hash.iter().map(|byte| format!("{byte:02x}")).collect())
}
