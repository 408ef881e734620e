//! What the wrapper of a view with `login_required` or `permission = "…"` calls.

use crate::routing::Call;
use axum::response::{IntoResponse, Response};

/// Lets a user through who is logged in.
///
/// # Errors
/// The response to give instead of calling the view.
#[expect(clippy::result_large_err, reason = "the error is the response, and is answered at once")]
pub async fn require_login(call: &Call) -> Result<(), Response> {
    super::require_login(call.context()).await.map(drop).map_err(IntoResponse::into_response)
}

/// Lets a user through who has a permission.
///
/// # Errors
/// The response to give instead of calling the view.
#[expect(clippy::result_large_err, reason = "the error is the response, and is answered at once")]
pub async fn require_permission(call: &Call, permission: &str) -> Result<(), Response> {
    let user = super::require_permission(call.context(), permission).await;
    user.map(drop).map_err(IntoResponse::into_response)
}
