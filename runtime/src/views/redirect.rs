//! A redirect.

use axum::response::{IntoResponse, Response};

use super::{Access, ViewRequest, answer, as_view};
use crate::error::Result;
use crate::http::redirect;
use crate::routing::Methods;

/// A redirect to another page of the site.
pub trait RedirectView: Send + Sync + Sized + 'static {
    /// Who may follow it.
    fn access(&self) -> Access {
        Access::Everybody
    }

    /// Whether browsers remember it.
    fn permanent(&self) -> bool {
        false
    }

    /// Whether what stands behind the `?` goes along.
    fn query_string(&self) -> bool {
        false
    }

    /// Where it leads. An error such as `NotFound` answers instead.
    fn url(&self, request: &ViewRequest) -> impl Future<Output = Result<String>> + Send;

    /// Answers a request.
    fn respond(&self, request: ViewRequest) -> impl Future<Output = Response> + Send {
        async move {
            let body = async {
                let mut url = self.url(&request).await?;
                let query = request.context().head().uri.query().filter(|_| self.query_string());
                if let Some(query) = query {
                    url.push(if url.contains('?') { '&' } else { '?' });
                    url.push_str(query);
                }
                let answer = redirect(url);
                Ok(if self.permanent() { answer.permanent() } else { answer }.into_response())
            };
            answer(&request, self.access(), body).await
        }
    }

    as_view!(Methods::GET.or(Methods::POST));
}
