//! Values that a project gives to its views.

use super::Site;
use crate::error::Error;
use crate::http::RequestContext;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::ops::Deref;

/// One value per type.
#[derive(Default)]
pub(crate) struct ProvidedMap(HashMap<TypeId, Box<dyn Any + Send + Sync>>);

impl ProvidedMap {
    pub(crate) fn insert<T: Send + Sync + 'static>(&mut self, value: T) {
        self.0.insert(TypeId::of::<T>(), Box::new(value));
    }

    pub(crate) fn get<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.0.get(&TypeId::of::<T>())?.downcast_ref()
    }
}

/// An argument of a view: the value that `Project::with` was given.
///
/// ```
/// # mod views {
/// use nuages::prelude::*;
///
/// #[derive(Clone)]
/// struct Greeting(&'static str);
///
/// #[view(get, "/")]
/// async fn home(greeting: Provided<Greeting>) -> &'static str {
///     greeting.0.0
/// }
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Provided<T>(pub T);

impl<T> Deref for Provided<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone + Send + Sync + 'static, S: Send + Sync> FromRequestParts<S> for Provided<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let context = RequestContext::of(&parts.extensions)?;
        context.site().provided::<T>().cloned().map(Self).ok_or_else(|| {
            let name = type_name::<T>();
            Error::other(format!("no `{name}` was given to the project; write `Project::with(…)` in main"))
        })
    }
}

impl FromRef<Site> for crate::backend::Database {
    fn from_ref(site: &Site) -> Self {
        site.database().clone()
    }
}

impl FromRef<Site> for crate::settings::Settings {
    fn from_ref(site: &Site) -> Self {
        site.settings().clone()
    }
}
