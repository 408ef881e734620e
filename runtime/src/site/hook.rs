//! Work around a request that needs the database: sessions, the user, messages.

use crate::error::Result;
use crate::http::RequestContext;
use futures_util::future::BoxFuture;

/// Loads before a page is rendered and saves after the view, only for requests that ask for it.
///
/// A hook keeps what belongs to a request in the [slots](RequestContext::slot) of
/// its context. A request that touches nothing never gets here.
pub trait RequestHook: Send + Sync + 'static {
    /// Reads what templates may ask for, such as the user and the messages, and hands it to
    /// [`RequestContext::set_page_user`] and [`RequestContext::set_page_messages`].
    ///
    /// Called at most once per request, when a template asked for something that is not there yet.
    fn load<'a>(&'a self, context: &'a RequestContext) -> BoxFuture<'a, Result<()>>;

    /// Saves what changed and sets cookies, before the response leaves.
    ///
    /// Called only when the request was [touched](RequestContext::touch) and did not fail: an answer from
    /// 500 on saves nothing, as in Django. An error replaces the response.
    fn save<'a>(&'a self, context: &'a RequestContext) -> BoxFuture<'a, Result<()>>;
}
