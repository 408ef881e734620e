//! A page from a template.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::{Access, ViewRequest, answer, as_view};
use crate::error::Result;
use crate::page::Page;
use crate::routing::Methods;

/// A page from a template.
pub trait TemplateView: Send + Sync + Sized + 'static {
    /// The template.
    type Page: Template + Send + Sync + 'static;

    /// Who may see it.
    fn access(&self) -> Access {
        Access::Everybody
    }

    /// The template with its context.
    fn page(&self, request: &ViewRequest) -> impl Future<Output = Result<Self::Page>> + Send;

    /// Answers a request.
    fn respond(&self, request: ViewRequest) -> impl Future<Output = Response> + Send {
        async move {
            let body = async { Ok(Page(self.page(&request).await?).into_response()) };
            answer(&request, self.access(), body).await
        }
    }

    as_view!(Methods::GET);
}
