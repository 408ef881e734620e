//! Pages that make and change rows.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::detail::find;
use super::{Access, ViewRequest, answer, as_view};
use crate::error::Result;
use crate::form::{Form, FormFields, ModelFormFields};
use crate::http::redirect;
use crate::page::Page;
use crate::query::QuerySet;
use crate::routing::Methods;

/// The model of a form.
type ModelOf<F> = <F as ModelFormFields>::Model;

/// A page that makes a row.
pub trait CreateView: Send + Sync + Sized + 'static {
    /// The form.
    type Form: ModelFormFields;
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

    /// Where to go when the row is made.
    fn success_url(&self, request: &ViewRequest, row: &ModelOf<Self::Form>) -> String;

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
                let form = self.get_form(&request).await?;
                match save(&request, form).await? {
                    Saved::Row(row) => Ok(redirect(self.success_url(&request, &row)).into_response()),
                    Saved::Again(form) => Ok(Page(self.page(&request, form).await?).into_response()),
                }
            };
            answer(&request, self.access(), body).await
        }
    }

    as_view!(Methods::GET.or(Methods::POST));
}

/// A page that changes a row.
pub trait UpdateView: Send + Sync + Sized + 'static {
    /// The form.
    type Form: ModelFormFields;
    /// The template.
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
    ) -> impl Future<Output = Result<QuerySet<ModelOf<Self::Form>>>> + Send {
        let _ = request;
        async { Ok(QuerySet::new()) }
    }

    /// The row; 404 if there is none.
    fn get_object(&self, request: &ViewRequest) -> impl Future<Output = Result<ModelOf<Self::Form>>> + Send {
        async move {
            let query = self.get_queryset(request).await?;
            find(query, request, self.pk_url_kwarg(), None)?.get(request.db()).await
        }
    }

    /// Where to go when the row is changed.
    fn success_url(&self, request: &ViewRequest, row: &ModelOf<Self::Form>) -> String;

    /// The template with its context.
    fn page(
        &self,
        request: &ViewRequest,
        row: ModelOf<Self::Form>,
        form: Form<Self::Form>,
    ) -> impl Future<Output = Result<Self::Page>> + Send;

    /// Answers a request.
    fn respond(&self, request: ViewRequest) -> impl Future<Output = Response> + Send {
        async move {
            let body = async {
                let row = self.get_object(&request).await?;
                let form = <Self::Form as FormFields>::new().instance(&row);
                match save(&request, form).await? {
                    Saved::Row(row) => Ok(redirect(self.success_url(&request, &row)).into_response()),
                    Saved::Again(form) => Ok(Page(self.page(&request, row, form).await?).into_response()),
                }
            };
            answer(&request, self.access(), body).await
        }
    }

    as_view!(Methods::GET.or(Methods::POST));
}

/// What became of a form.
enum Saved<T: ModelFormFields> {
    /// It was written.
    Row(T::Model),
    /// It is to be shown: it was not sent, or something is wrong.
    Again(Form<T>),
}

async fn save<T: ModelFormFields>(request: &ViewRequest, form: Form<T>) -> Result<Saved<T>> {
    let mut form = form.zone(request.context().zone());
    let Some(data) = request.data() else {
        form.load_choices(request.db()).await?;
        return Ok(Saved::Again(form));
    };
    form = form.bind(data);
    Ok(match form.save(request.db()).await? {
        Some(row) => Saved::Row(row),
        None => Saved::Again(form),
    })
}
