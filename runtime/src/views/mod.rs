//! Views as types: a trait for each sort of page, with hooks that have defaults.
//!
//! A list, a page for one row, forms that make, change and delete rows, a page
//! from a template, a redirect. Each trait answers requests by `respond`, which
//! a `#[view]` may call, and is a route by `as_view`:
//!
//! ```
//! use askama::Template;
//! use nuages::auth::User;
//! use nuages::prelude::*;
//! use nuages::views::{ListView, Listed, ViewRequest};
//!
//! #[derive(Template)]
//! #[template(source = "{% for user in list.objects() %}{{ user.username }}{% endfor %}", ext = "html")]
//! struct UserPage { list: Listed<User> }
//!
//! #[derive(Clone)]
//! struct UserList;
//!
//! impl ListView for UserList {
//!     type Model = User;
//!     type Parts = (User,);
//!     type Page = UserPage;
//!     fn paginate_by(&self) -> Option<u64> { Some(20) }
//!     async fn page(&self, _: &ViewRequest, list: Listed<User>) -> Result<UserPage> { Ok(UserPage { list }) }
//! }
//!
//! let router = axum::Router::<Site>::new().route("/users", UserList.as_view());
//! # let _ = router;
//! ```

mod access;
mod delete;
mod detail;
mod edit;
mod form;
mod list;
mod paginator;
mod redirect;
mod request;
mod template;

pub use access::Access;
pub use delete::DeleteView;
pub use detail::DetailView;
pub use edit::{CreateView, UpdateView};
pub use form::FormView;
pub use list::{ListView, Listed};
pub use paginator::{PageObject, PagePosition, Paginator};
pub use redirect::RedirectView;
pub use request::ViewRequest;
pub use template::TemplateView;

use axum::response::{IntoResponse, Response};

use crate::error::Result;

/// Lets the user through or not, then answers; a page is rendered with the request at hand.
async fn answer(
    request: &ViewRequest,
    access: Access,
    body: impl Future<Output = Result<Response>> + Send,
) -> Response {
    if let Err(refusal) = access.check(request.context()).await {
        return refusal;
    }
    let response = match body.await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    };
    crate::page::finish(request.context(), response).await
}

/// The provided method `as_view` of a trait here: a route for the methods.
macro_rules! as_view {
    ($methods:expr) => {
        /// The view as a route.
        #[expect(clippy::wrong_self_convention, reason = "Django's name, and a view is a small value")]
        fn as_view(self) -> crate::routing::MethodRouter
        where
            Self: Clone,
        {
            crate::routing::on($methods, async move |request: crate::views::ViewRequest| {
                self.respond(request).await
            })
        }
    };
}
use as_view;
