//! What the parts of one request share.

use super::cookies::{self, NewCookie};
use super::{RequestId, RequestRecord};
use crate::backend::Db;
use crate::error::{Error, Result};
use crate::page::{PageMessage, PageUser};
use crate::routing::Route;
use crate::session::CsrfSecret;
use crate::signing::random_bytes;
use crate::site::Site;
use crate::value::Zone;
use axum::http::{Extensions, HeaderValue, Method, Uri};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

/// What the parts of one request share: the database session, the session, the user, the nonce …
///
/// Everything in it is made when it is first asked for. Take it as an argument
/// of a view, or find it in the extensions of a request with [`of`](Self::of).
#[derive(Clone)]
pub struct RequestContext(Arc<Inner>);

struct Inner {
    site: Site,
    id: RequestId,
    started: Instant,
    head: RequestHead,
    record: Option<Box<RequestRecord>>,
    db: OnceLock<Db>,
    more: OnceLock<Box<More>>,
    body_limit: AtomicUsize,
    flags: AtomicU8,
}

/// What only some requests ask for.
#[derive(Default)]
struct More {
    nonce: OnceLock<String>,
    route: OnceLock<&'static Route>,
    language: OnceLock<String>,
    zone: OnceLock<Zone>,
    user: OnceLock<PageUser>,
    messages: OnceLock<Vec<PageMessage>>,
    slots: Mutex<Extensions>,
    cookies: Mutex<Vec<NewCookie>>,
    csrf: Mutex<Option<Arc<CsrfSecret>>>,
}

/// The part of a request that is kept for its whole life.
#[derive(Clone, Debug)]
pub struct RequestHead {
    /// The method.
    pub method: Method,
    /// The address.
    pub uri: Uri,
    /// The host name without port, as the client sent it; it was checked against the allowed ones.
    pub host: HeaderValue,
    /// Whether the client came by https, as far as the proxy in front can be trusted to say.
    pub secure: bool,
    /// Where the connection comes from: the client, or the proxy in front.
    pub peer: Option<SocketAddr>,
    /// The client's address: the peer's, or what a trusted proxy said.
    pub client: Option<IpAddr>,
    /// The `Cookie` header.
    pub cookie: Option<HeaderValue>,
}

const TOUCHED: u8 = 1;
const PERSONAL: u8 = 2;
const BODY_TOO_LARGE: u8 = 4;
const BODY_TOO_SLOW: u8 = 8;
const NEEDS_LOAD: u8 = 16;
const LOADED: u8 = 32;
const MESSAGES_READ: u8 = 64;

/// What became of a body that was not simply read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyOutcome {
    /// It had more bytes than allowed.
    TooLarge,
    /// It took longer than allowed.
    TooSlow,
}

impl RequestContext {
    pub(crate) fn new(site: Site, head: RequestHead, record: Option<Box<RequestRecord>>) -> Self {
        let body_limit = AtomicUsize::new(site.settings().limits.body);
        Self(Arc::new(Inner {
            site,
            id: RequestId::new(),
            started: Instant::now(),
            head,
            record,
            db: OnceLock::new(),
            more: OnceLock::new(),
            body_limit,
            flags: AtomicU8::new(0),
        }))
    }

    /// The context in the extensions of a request.
    ///
    /// # Errors
    /// When the request did not come through a project's server or router.
    pub fn of(extensions: &Extensions) -> Result<&Self> {
        extensions.get::<Self>().ok_or_else(|| {
            Error::other("this request did not come through a project; serve it with `Project::run` or `Project::router`")
        })
    }

    /// The project.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.0.site
    }

    /// The id of the request, in the log and on error pages.
    #[must_use]
    pub fn id(&self) -> RequestId {
        self.0.id
    }

    /// When the request came.
    #[must_use]
    pub fn started(&self) -> Instant {
        self.0.started
    }

    /// Method, address, host and the like.
    #[must_use]
    pub fn head(&self) -> &RequestHead {
        &self.0.head
    }

    /// The database session of this request: one connection at most, taken at the first query.
    #[must_use]
    pub fn db(&self) -> &Db {
        self.0.db.get_or_init(|| {
            let db = self.0.site.database().session();
            if self.0.site.is_debug() {
                db.record_queries(true);
            }
            db
        })
    }

    /// The database session, if anything has asked for it.
    pub(crate) fn used_db(&self) -> Option<&Db> {
        self.0.db.get()
    }

    /// In debug, says in the log which place of the code asked the database once per row.
    pub(crate) fn report_repeats(&self) {
        let Some(db) = self.used_db().filter(|_| self.0.site.is_debug()) else { return };
        for repeat in crate::query::repeats(&db.queries()) {
            let path = self.0.head.uri.path();
            tracing::warn!(target: "nuages::repeats", %path, sql = %repeat.sql, "{repeat}");
        }
    }

    /// Everything the client sent but the body, kept in debug only.
    pub(crate) fn record(&self) -> Option<&RequestRecord> {
        self.0.record.as_deref()
    }

    /// The value of a cookie that the client sent.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        cookies::find(self.0.head.cookie.as_ref()?.to_str().ok()?, name)
    }

    /// Sets a cookie when the response leaves: for the whole site, `HttpOnly`, `SameSite=Lax`,
    /// `Secure` where the site is reached by https.
    pub fn set_cookie(
        &self,
        name: impl Into<String>,
        value: impl Into<String>,
        max_age: Option<std::time::Duration>,
    ) {
        let cookie = NewCookie { name: name.into(), value: value.into(), max_age };
        let mut cookies = lock(&self.more().cookies);
        cookies.retain(|known| known.name != cookie.name);
        cookies.push(cookie);
    }

    /// Makes the client forget a cookie.
    pub fn remove_cookie(&self, name: impl Into<String>) {
        self.set_cookie(name, "", Some(std::time::Duration::ZERO));
    }

    /// The cookies to set, as header values.
    pub(crate) fn take_cookies(&self) -> Vec<HeaderValue> {
        let Some(more) = self.known() else { return Vec::new() };
        let secure = self.0.site.settings().https.on;
        std::mem::take(&mut *lock(&more.cookies)).iter().filter_map(|cookie| cookie.header(secure)).collect()
    }

    /// A value that a part of the request left for another, found by its type.
    #[must_use]
    pub fn slot<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        lock(&self.known()?.slots).get::<T>().cloned()
    }

    /// Leaves a value for the other parts of the request, and gives back the one before it.
    pub fn set_slot<T: Clone + Send + Sync + 'static>(&self, value: T) -> Option<T> {
        lock(&self.more().slots).insert(value)
    }

    /// The value of this type, made now if it is not there yet.
    pub fn slot_or_insert_with<T: Clone + Send + Sync + 'static>(&self, make: impl FnOnce() -> T) -> T {
        lock(&self.more().slots).get_or_insert_with(make).clone()
    }

    /// Asks for the [hooks](crate::site::RequestHook) to save before the response leaves.
    pub fn touch(&self) {
        self.raise(TOUCHED);
    }

    pub(crate) fn is_touched(&self) -> bool {
        self.has(TOUCHED)
    }

    /// Whether the request has left nothing that is looked at when its response leaves.
    pub(crate) fn is_quiet(&self) -> bool {
        const LOUD: u8 = TOUCHED | BODY_TOO_LARGE | BODY_TOO_SLOW;
        !self.has(LOUD) && self.known().is_none_or(|more| lock(&more.cookies).is_empty())
    }

    /// Says that the response depends on who asks, so that no cache may keep it.
    pub fn mark_personal(&self) {
        self.raise(PERSONAL);
    }

    pub(crate) fn is_personal(&self) -> bool {
        self.has(PERSONAL)
    }

    /// The nonce that scripts and styles in the page must carry.
    ///
    /// # Errors
    /// When the operating system has no random bytes.
    pub fn nonce(&self) -> Result<&str> {
        if let Some(nonce) = self.used_nonce() {
            return Ok(nonce);
        }
        let nonce = STANDARD_NO_PAD.encode(random_bytes::<16>()?);
        Ok(self.more().nonce.get_or_init(|| nonce))
    }

    pub(crate) fn used_nonce(&self) -> Option<&str> {
        self.known()?.nonce.get().map(String::as_str)
    }

    /// The view's route, once one was found.
    #[must_use]
    pub fn route(&self) -> Option<&'static Route> {
        self.known()?.route.get().copied()
    }

    /// The language of the page: what the request chose, or the setting.
    #[must_use]
    pub fn language(&self) -> &str {
        self.known().and_then(|more| more.language.get()).unwrap_or(&self.0.site.settings().language)
    }

    /// Chooses the language; the first choice stays.
    pub fn set_language(&self, language: impl Into<String>) {
        let _ = self.more().language.set(language.into());
    }

    /// The zone in which this request shows and reads times: what it chose, or the setting.
    #[must_use]
    pub fn zone(&self) -> Zone {
        let chosen = self.known().and_then(|more| more.zone.get()).copied();
        chosen.unwrap_or(self.0.site.settings().time_zone)
    }

    /// Chooses the zone, such as the user's own; the first choice stays.
    pub fn set_zone(&self, zone: Zone) {
        let _ = self.more().zone.set(zone);
    }

    /// Minutes east of UTC now, in the zone of the request.
    #[must_use]
    pub fn utc_offset_minutes(&self) -> i32 {
        self.zone().offset_minutes(chrono::Utc::now())
    }

    /// What templates see of the user; set by the hook of authentication, and only once.
    pub fn set_page_user(&self, user: PageUser) {
        let _ = self.more().user.set(user);
    }

    pub(crate) fn page_user(&self) -> Option<&PageUser> {
        self.known()?.user.get()
    }

    /// What templates see of the messages; set by the hook of messages, and only once.
    pub fn set_page_messages(&self, messages: Vec<PageMessage>) {
        let _ = self.more().messages.set(messages);
    }

    pub(crate) fn page_messages(&self) -> Option<&[PageMessage]> {
        self.known()?.messages.get().map(Vec::as_slice)
    }

    /// Whether a template has shown the messages, so that they are to be forgotten.
    #[must_use]
    pub fn messages_were_read(&self) -> bool {
        self.has(MESSAGES_READ)
    }

    pub(crate) fn note_messages_read(&self) {
        self.raise(MESSAGES_READ | TOUCHED | PERSONAL);
    }

    pub(crate) fn ask_for_load(&self) {
        self.raise(NEEDS_LOAD);
    }

    /// Runs the hooks' `load` if a template asked for it and they have not run.
    pub(crate) async fn load_if_asked(&self) -> Result<bool> {
        if !self.has(NEEDS_LOAD) || self.has(LOADED) {
            return Ok(false);
        }
        self.raise(LOADED | PERSONAL);
        for hook in self.0.site.hooks() {
            hook.load(self).await?;
        }
        // Without a hook for them there is no user and no message.
        self.set_page_user(PageUser::anonymous());
        self.set_page_messages(Vec::new());
        Ok(true)
    }

    /// The most bytes of the body. A view that takes files raises it before it reads.
    pub fn set_body_limit(&self, bytes: usize) {
        self.0.body_limit.store(bytes, Ordering::Relaxed);
    }

    pub(crate) fn body_limit(&self) -> usize {
        self.0.body_limit.load(Ordering::Relaxed)
    }

    pub(crate) fn note_body(&self, outcome: BodyOutcome) {
        self.raise(if outcome == BodyOutcome::TooLarge { BODY_TOO_LARGE } else { BODY_TOO_SLOW });
    }

    pub(crate) fn body_outcome(&self) -> Option<BodyOutcome> {
        if self.has(BODY_TOO_LARGE) {
            Some(BodyOutcome::TooLarge)
        } else {
            self.has(BODY_TOO_SLOW).then_some(BodyOutcome::TooSlow)
        }
    }

    /// Where the CSRF secret of this request is kept.
    pub(super) fn csrf_slot(&self) -> MutexGuard<'_, Option<Arc<CsrfSecret>>> {
        lock(&self.more().csrf)
    }

    /// What only some requests ask for, made now.
    fn more(&self) -> &More {
        self.0.more.get_or_init(Box::default)
    }

    /// The same, if this request has asked for any of it.
    fn known(&self) -> Option<&More> {
        self.0.more.get().map(AsRef::as_ref)
    }

    fn raise(&self, flags: u8) {
        self.0.flags.fetch_or(flags, Ordering::Relaxed);
    }

    fn has(&self, flag: u8) -> bool {
        self.0.flags.load(Ordering::Relaxed) & flag != 0
    }
}

impl std::fmt::Debug for RequestContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RequestContext({} {})", self.0.head.method, self.0.id)
    }
}

/// A panic while a lock is held leaves nothing half-done here: every change is one assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
