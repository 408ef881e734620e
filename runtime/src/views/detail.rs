//! A page for one row.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::request::not_found;
use super::{Access, ViewRequest, answer, as_view};
use crate::error::Result;
use crate::expr::{Comparison, Condition, Expr};
use crate::field::ColumnRef;
use crate::form::value_from_text;
use crate::model::{Model, key_from_text};
use crate::page::Page;
use crate::query::{QuerySet, Shape};
use crate::routing::Methods;

/// A page for one row, found by its key or by a field such as `slug`.
pub trait DetailView: Send + Sync + Sized + 'static {
    /// The model.
    type Model: Model;
    /// What a row of the query holds: `(Book,)`, or `(Book, Author)` after `select_related`.
    type Parts: Shape<Item: Send> + Send + 'static;
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

    /// The field to look a row up by if the address has no key: its parameter has the same name.
    fn slug_field(&self) -> Option<&'static str> {
        None
    }

    /// The query to look in.
    fn get_queryset(
        &self,
        request: &ViewRequest,
    ) -> impl Future<Output = Result<QuerySet<Self::Model, Self::Parts>>> + Send {
        let _ = request;
        async { Ok(QuerySet::from_select(QuerySet::<Self::Model>::new().into_select())) }
    }

    /// The row; 404 if there is none.
    fn get_object(
        &self,
        request: &ViewRequest,
    ) -> impl Future<Output = Result<<Self::Parts as Shape>::Item>> + Send {
        async move {
            let query = self.get_queryset(request).await?;
            let slug = self.slug_field().map(|field| (field, field));
            find(query, request, self.pk_url_kwarg(), slug)?.get(request.db()).await
        }
    }

    /// The template with its context.
    fn page(
        &self,
        request: &ViewRequest,
        object: <Self::Parts as Shape>::Item,
    ) -> impl Future<Output = Result<Self::Page>> + Send;

    /// Answers a request.
    fn respond(&self, request: ViewRequest) -> impl Future<Output = Response> + Send {
        async move {
            let body = async {
                let object = self.get_object(&request).await?;
                Ok(Page(self.page(&request, object).await?).into_response())
            };
            answer(&request, self.access(), body).await
        }
    }

    as_view!(Methods::GET);
}

/// Narrows a query to the row that the address names.
pub(super) fn find<M: Model, S>(
    query: QuerySet<M, S>,
    request: &ViewRequest,
    key: &str,
    slug: Option<(&str, &str)>,
) -> Result<QuerySet<M, S>> {
    let schema = M::schema();
    let by_slug = || slug.and_then(|(field, name)| Some((schema.position(field)?, request.param(name)?)));
    let by_key = request.param(key).map(|text| (schema.key, text));
    let (index, text) = by_key.or_else(by_slug).ok_or_else(|| not_found("the address names no row"))?;
    let read = |index: usize, text: &str| value_from_text((schema.fields[index].kind)(), text);
    let value = if index == schema.key { key_from_text(schema, text, read) } else { read(index, text) };
    let value = value.ok_or_else(|| not_found("a part of the address is not what the view takes"))?;
    let column = Expr::Column(ColumnRef { hops: None, model: schema.this, index });
    let mut select = query.into_select();
    select.filters.push(Condition::Compare(column, Comparison::Equal, Expr::Value(value)));
    Ok(QuerySet::from_select(select))
}
