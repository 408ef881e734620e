//! The project's own pages for errors.

use crate::http::Problem;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::sync::Arc;

type Maker = dyn Fn(&Problem) -> Response + Send + Sync;

/// The project's own pages for errors, by status. In debug ours are shown.
#[derive(Clone, Default)]
pub struct ErrorPages(HashMap<StatusCode, Arc<Maker>>);

impl ErrorPages {
    pub(crate) fn insert<R: IntoResponse>(
        &mut self,
        status: StatusCode,
        make: impl Fn(&Problem) -> R + Send + Sync + 'static,
    ) {
        self.0.insert(status, Arc::new(move |problem| make(problem).into_response()));
    }

    /// The project's page for this problem, if it has one.
    pub(crate) fn make(&self, problem: &Problem) -> Option<Response> {
        self.0.get(&problem.status).map(|make| make(problem))
    }
}

impl std::fmt::Debug for ErrorPages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
