//! A list of rows, on one page or on several.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::request::not_found;
use super::{Access, PageObject, PagePosition, Paginator, ViewRequest, answer, as_view};
use crate::error::Result;
use crate::model::Model;
use crate::page::Page;
use crate::query::{QuerySet, Shape};
use crate::routing::Methods;

/// A list of rows. `Parts` is what a row of the query holds: `(Book,)`, or `(Book, Author)` after `select_related`.
pub trait ListView: Send + Sync + Sized + 'static {
    /// The model.
    type Model: Model;
    /// What a row of the query holds.
    type Parts: Shape<Item: Send> + Send + 'static;
    /// The template.
    type Page: Template + Send + Sync + 'static;

    /// Who may see it.
    fn access(&self) -> Access {
        Access::Everybody
    }

    /// How many rows a page has; `None` puts all on one.
    fn paginate_by(&self) -> Option<u64> {
        None
    }

    /// A last page with at most so many rows joins the one before it.
    fn paginate_orphans(&self) -> u64 {
        0
    }

    /// The name of the page's number in the address.
    fn page_kwarg(&self) -> &'static str {
        "page"
    }

    /// Whether an empty list is a page, and not 404.
    fn allow_empty(&self) -> bool {
        true
    }

    /// The query: which rows, in which order.
    fn get_queryset(
        &self,
        request: &ViewRequest,
    ) -> impl Future<Output = Result<QuerySet<Self::Model, Self::Parts>>> + Send {
        let _ = request;
        // The parts of a query without more are the model itself; other parts bring their own query.
        async { Ok(QuerySet::from_select(QuerySet::<Self::Model>::new().into_select())) }
    }

    /// The template with its context.
    fn page(
        &self,
        request: &ViewRequest,
        list: Listed<<Self::Parts as Shape>::Item>,
    ) -> impl Future<Output = Result<Self::Page>> + Send;

    /// The rows that a request asks for.
    fn list(
        &self,
        request: &ViewRequest,
    ) -> impl Future<Output = Result<Listed<<Self::Parts as Shape>::Item>>> + Send {
        async move {
            let query = self.get_queryset(request).await?;
            let Some(per_page) = self.paginate_by() else {
                let objects = query.all(request.db()).await?;
                return if objects.is_empty() && !self.allow_empty() {
                    Err(not_found("the list is empty"))
                } else {
                    Ok(Listed::All(objects))
                };
            };
            let count = query.count(request.db()).await?;
            let paginator = Paginator::new(count, per_page)
                .orphans(self.paginate_orphans())
                .allow_empty_first_page(self.allow_empty());
            let asked = request.param(self.page_kwarg()).or_else(|| request.query().get(self.page_kwarg()));
            let position = paginator.page_of(asked.unwrap_or("1"))?;
            Ok(Listed::Page(paginator.load(request.db(), query, position).await?))
        }
    }

    /// Answers a request.
    fn respond(&self, request: ViewRequest) -> impl Future<Output = Response> + Send {
        async move {
            let body = async {
                let list = self.list(&request).await?;
                Ok(Page(self.page(&request, list).await?).into_response())
            };
            answer(&request, self.access(), body).await
        }
    }

    as_view!(Methods::GET);
}

/// The rows of a list: all of them, or one page.
#[derive(Clone, Debug)]
pub enum Listed<T> {
    /// All rows.
    All(Vec<T>),
    /// One page of them.
    Page(PageObject<T>),
}

impl<T> Listed<T> {
    /// The rows.
    #[must_use]
    pub fn objects(&self) -> &[T] {
        match self {
            Self::All(objects) => objects,
            Self::Page(page) => page.objects(),
        }
    }

    /// Where the page stands among the others.
    #[must_use]
    pub fn page_obj(&self) -> Option<&PagePosition> {
        match self {
            Self::All(_) => None,
            Self::Page(page) => Some(page),
        }
    }

    /// Whether there are other pages.
    #[must_use]
    pub fn is_paginated(&self) -> bool {
        self.page_obj().is_some_and(PagePosition::has_other_pages)
    }
}
