//! What authentication does around a request.

use super::request::RequestAuth;
use crate::Result;
use crate::http::RequestContext;
use crate::page::{PageMessage, PageUser};
use crate::session::CookieChange;
use crate::session::key_text;
use crate::site::RequestHook;
use futures_util::future::BoxFuture;

/// Reads user and messages when a page asks for them, and saves the session at the end.
pub(super) struct AuthHook;

impl RequestHook for AuthHook {
    fn load<'a>(&'a self, context: &'a RequestContext) -> BoxFuture<'a, Result<()>> {
        Box::pin(load(context))
    }

    fn save<'a>(&'a self, context: &'a RequestContext) -> BoxFuture<'a, Result<()>> {
        Box::pin(save(context))
    }
}

async fn load(context: &RequestContext) -> Result<()> {
    let auth = RequestAuth::load(context).await?;
    context.set_page_user(match auth.user() {
        Some(user) => PageUser::known(key_text(&user.key()), user.display_name())
            .with_roles(user.is_staff(), user.is_superuser()),
        None => PageUser::anonymous(),
    });
    let shown = auth.messages().peek()?;
    let page =
        |message: crate::messages::Message| PageMessage { level: message.level.tag(), text: message.text };
    context.set_page_messages(shown.into_iter().map(page).collect());
    Ok(())
}

async fn save(context: &RequestContext) -> Result<()> {
    let Some(auth) = context.slot::<RequestAuth>() else { return Ok(()) };
    if auth.messages().is_pending() && !auth.session().is_loaded() {
        RequestAuth::load(context).await?;
    }
    if context.messages_were_read() {
        auth.messages().take()?;
    }
    if auth.messages().is_pending() {
        auth.messages().keep()?;
    }
    let name = context.site().settings().session_cookie();
    match auth.session().commit(context.db()).await? {
        CookieChange::Keep => {}
        CookieChange::Set(token, age) => context.set_cookie(name, token.expose(), age),
        CookieChange::Remove => context.remove_cookie(name),
    }
    Ok(())
}
