//! Who may see a view.

use axum::response::{IntoResponse, Response};

use crate::auth::{require_login, require_permission};
use crate::http::RequestContext;

/// Who may see a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Access {
    /// Everybody.
    #[default]
    Everybody,
    /// Whoever is logged in. Others are sent to the login page.
    LoggedIn,
    /// Whoever has this permission, such as `shop.change_book`.
    Permission(&'static str),
}

impl Access {
    /// The response to give instead of the view, if the user may not see it.
    pub(super) async fn check(self, context: &RequestContext) -> Result<(), Response> {
        let user = match self {
            Self::Everybody => return Ok(()),
            Self::LoggedIn => require_login(context).await,
            Self::Permission(permission) => require_permission(context, permission).await,
        };
        user.map(drop).map_err(IntoResponse::into_response)
    }
}
