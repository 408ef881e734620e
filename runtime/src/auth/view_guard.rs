//! What the wrapper of a view with `login_required` or `permission = "…"` calls.
//!
//! The futures hold the request's context and not the call: a body cannot be
//! shared between threads, so a view that waits on a borrowed call would not be `Send`.

use crate::routing::Call;
use axum::response::{IntoResponse, Response};

/// Lets a user through who is logged in; else gives the response instead of calling the view.
pub fn require_login(call: &Call) -> impl Future<Output = Result<(), Response>> + Send + use<> {
    let context = call.context().clone();
    async move { super::require_login(&context).await.map(drop).map_err(IntoResponse::into_response) }
}

/// Lets a user through who has a permission; else gives the response instead of calling the view.
pub fn require_permission(
    call: &Call,
    permission: &'static str,
) -> impl Future<Output = Result<(), Response>> + Send + use<> {
    let context = call.context().clone();
    async move {
        let user = super::require_permission(&context, permission).await;
        user.map(drop).map_err(IntoResponse::into_response)
    }
}
