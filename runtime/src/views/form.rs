//! A page with a form that belongs to no model.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::{Access, ViewRequest, answer, as_view};
use crate::error::Result;
use crate::form::{Form, FormFields};
use crate::page::Page;
use crate::routing::Methods;

/// A page with a form: GET shows it, POST checks it, and shows it again or does what it is for.
pub trait FormView: Send + Sync + Sized + 'static {
    /// The form.
    type Form: FormFields;
    /// The template.
    type Page: Template + Send + Sync + 'static;

    /// Who may see it.
    fn access(&self) -> Access {
        Access::Everybody
    }

    /// The form before anything was sent, with what its fields show at first.
    fn get_form(&self, request: &ViewRequest) -> impl Future<Output = Result<Form<Self::Form>>> + Send {
        let _ = request;
        async { Ok(<Self::Form as FormFields>::new()) }
    }

    /// What the form is for; answers with a redirect as a rule. An error that belongs to the form is put into
    /// it by the view itself: then `page` answers.
    fn form_valid(
        &self,
        request: &ViewRequest,
        data: Self::Form,
    ) -> impl Future<Output = Result<Response>> + Send;

    /// The template with its context.
    fn page(
        &self,
        request: &ViewRequest,
        form: Form<Self::Form>,
    ) -> impl Future<Output = Result<Self::Page>> + Send;

    /// Answers a request.
    fn respond(&self, request: ViewRequest) -> impl Future<Output = Response> + Send {
        async move {
            let body = async {
                let mut form = self.get_form(&request).await?.zone(request.context().zone());
                if let Some(data) = request.data() {
                    match form.bind(data).into_data() {
                        Ok(data) => return self.form_valid(&request, data).await,
                        Err(wrong) => form = wrong,
                    }
                }
                Ok(Page(self.page(&request, form).await?).into_response())
            };
            answer(&request, self.access(), body).await
        }
    }

    as_view!(Methods::GET.or(Methods::POST));
}
