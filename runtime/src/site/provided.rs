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

/// A type that [`state!`](crate::state) made a state of the router; the start asks for its value.
pub struct RegisteredState {
    /// `module_path!()` where it stands.
    pub module: &'static str,
    /// The name of the type.
    pub name: fn() -> &'static str,
    /// Whether the project has a value of it.
    pub(crate) is_provided: fn(&ProvidedMap) -> bool,
}

inventory::collect!(RegisteredState);

impl RegisteredState {
    /// What `state!` registers for a type.
    #[must_use]
    pub const fn of<T: Send + Sync + 'static>(module: &'static str) -> Self {
        Self { module, name: type_name::<T>, is_provided: |map| map.get::<T>().is_some() }
    }
}

/// Makes types that [`Project::with`](crate::Project::with) gives states of the router, so that views and
/// handlers of plain axum take them as `State<T>`. A project that gives no value does not start.
///
/// ```
/// # mod views {
/// use axum::extract::State;
/// use nuages::prelude::*;
///
/// #[derive(Clone)]
/// struct Mailer;
///
/// nuages::state!(Mailer);
///
/// #[view(get, "/")]
/// async fn home(State(mailer): State<Mailer>) -> &'static str {
///     drop(mailer);
///     "sent"
/// }
/// # }
/// ```
///
/// It is a macro because Rust lets only the crate that owns `Mailer` implement axum's `FromRef` for it.
#[macro_export]
macro_rules! state {
    ($($state:ty),+ $(,)?) => {$(
        impl $crate::__private::FromRef<$crate::Site> for $state {
            fn from_ref(site: &$crate::Site) -> Self {
                $crate::__private::state(site)
            }
        }
        $crate::__private::inventory::submit!($crate::__private::RegisteredState::of::<$state>(
            ::core::module_path!()
        ));
    )+};
}

/// The value of a registered state.
///
/// # Panics
/// Never in a project that was built, which asks for every registered state first.
#[must_use]
pub fn state<T: Clone + Send + Sync + 'static>(site: &Site) -> T {
    match site.provided::<T>() {
        Some(value) => value.clone(),
        #[expect(clippy::panic, reason = "`FromRef` has no way to fail, and the start asked for the value")]
        None => panic!("no `{}` was given to the project", type_name::<T>()),
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
