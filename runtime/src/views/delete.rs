//! A page that asks before it deletes a row.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::detail::find;
use super::{Access, ViewRequest, answer, as_view};
use crate::error::Result;
use crate::http::redirect;
use crate::model::Model;
use crate::page::Page;
use crate::query::{ModelOperations, QuerySet, Slot};
use crate::routing::Methods;

/// A page that asks before it deletes a row: GET asks, POST deletes.
pub trait DeleteView: Send + Sync + Sized + 'static {
    /// The model.
    type Model: Model + Slot;
    /// The template of the question: a form with nothing but the token and a button.
    type Page: Template + Send + Sync + 'static;

    /// Who may see it.
    fn access(&self) -> Access {
        Access::Everybody
    }

    /// The parameter of the address that holds the key.
    fn pk_url_kwarg(&self) -> &'static str {
        "id"
    }

    /// The query to look in.
    fn get_queryset(
        &self,
        request: &ViewRequest,
    ) -> impl Future<Output = Result<QuerySet<Self::Model>>> + Send {
        let _ = request;
        async { Ok(QuerySet::new()) }
    }

    /// Where to go when the row is gone.
    fn success_url(&self, request: &ViewRequest) -> String;

    /// The template with its context. The text says why the row could not be deleted, after that was tried.
    fn page(
        &self,
        request: &ViewRequest,
        row: Self::Model,
        refused: Option<String>,
    ) -> impl Future<Output = Result<Self::Page>> + Send;

    /// Answers a request.
    fn respond(&self, request: ViewRequest) -> impl Future<Output = Response> + Send {
        async move {
            let body = async {
                let query = find(self.get_queryset(&request).await?, &request, self.pk_url_kwarg(), None)?;
                let row = query.clone().get(request.db()).await?;
                if request.data().is_none() {
                    return Ok(Page(self.page(&request, row, None).await?).into_response());
                }
                match row.delete(request.db()).await {
                    Ok(_) => Ok(redirect(self.success_url(&request)).into_response()),
                    // Something refers to the row and must not lose it.
                    Err(error) if error.is_foreign_key() => {
                        let row = query.get(request.db()).await?;
                        let page = self.page(&request, row, Some(error.to_string())).await?;
                        Ok(Page(page).into_response())
                    }
                    Err(error) => Err(error),
                }
            };
            answer(&request, self.access(), body).await
        }
    }

    as_view!(Methods::GET.or(Methods::POST));
}
