//! All routes of a project: collected, checked against each other, put into a router.

use super::pattern::{Segment, matches, segments, shape};
use super::{Methods, Route};
use crate::error::{Error, Result};
use crate::site::{App, Site, owner};
use axum::Router;
use axum::http::Method;
use std::collections::HashMap;

/// The routes of the apps that a project lists, in the order of their addresses.
#[derive(Debug, Default)]
pub struct RouteTable {
    entries: Vec<RouteEntry>,
}

/// A route with the address that its app gives it.
#[derive(Debug)]
pub struct RouteEntry {
    /// The route.
    pub route: &'static Route,
    /// The label of its app.
    pub app: &'static str,
    /// The whole pattern, the app's address included.
    pub pattern: String,
}

impl RouteTable {
    /// Collects the routes of these apps.
    ///
    /// # Errors
    /// Names every two views that answer the same request, and every view whose app is not listed.
    pub(crate) fn collect(apps: &[App]) -> Result<Self> {
        Self::of(apps, inventory::iter::<&'static Route>().copied())
    }

    fn of(apps: &[App], routes: impl Iterator<Item = &'static Route>) -> Result<Self> {
        let mut errors = Vec::new();
        let mut entries = Vec::new();
        for route in routes {
            match entry(apps, route) {
                Ok(entry) => entries.push(entry),
                Err(text) => errors.push(text),
            }
        }
        entries.sort_by(|a, b| (&a.pattern, a.route.name()).cmp(&(&b.pattern, b.route.name())));
        conflicts(&entries, &mut errors);
        if errors.is_empty() { Ok(Self { entries }) } else { Err(Error::other(errors.join("\n"))) }
    }

    /// Every route.
    #[must_use]
    pub fn entries(&self) -> &[RouteEntry] {
        &self.entries
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The routes whose pattern fits an address, for whatever method.
    pub fn matching<'a, 'p>(&'a self, path: &'p str) -> impl Iterator<Item = &'a RouteEntry> + use<'a, 'p> {
        self.entries.iter().filter(move |entry| matches(&entry.pattern, path))
    }

    /// The route that answers.
    #[must_use]
    pub fn find(&self, method: &Method, path: &str) -> Option<&RouteEntry> {
        let fitting = self.matching(path).filter(|entry| entry.route.methods().contains(method));
        // A literal goes before a parameter, as in the router.
        fitting.min_by_key(|entry| entry.pattern.matches('{').count())
    }

    /// The address with or without a slash at its end, if there is a route for that one.
    pub(crate) fn slash_redirect(&self, path: &str) -> Option<String> {
        // `//host/` would leave the site.
        if path.starts_with("//") || path.contains('\\') {
            return None;
        }
        let other = match path.strip_suffix('/') {
            Some("") => return None,
            Some(short) => short.to_owned(),
            None => format!("{path}/"),
        };
        let known = self.matching(&other).next().is_some();
        known.then_some(other)
    }

    /// The router. One name per parameter and place, because the router refuses two.
    pub(crate) fn router(&self) -> Router<Site> {
        let mut names = Names::default();
        self.entries.iter().fold(Router::new(), |router, entry| {
            router.route(&names.unify(&entry.pattern), entry.route.method_router())
        })
    }
}

fn entry(apps: &[App], route: &'static Route) -> Result<RouteEntry, String> {
    let (file, line) = route.place();
    let Some(app) = owner(apps, route.module()) else {
        let root = route.module().split("::").next().unwrap_or_default();
        return Err(format!(
            "the view `{}` ({file}:{line}) belongs to no app of the project; write `.app({root}::app())` in main",
            route.name()
        ));
    };
    if let Err(other) = route.mount(app.prefix()) {
        let label = app.label();
        return Err(format!(
            "the app `{label}` is listed at `{}` and at `{other}`; an app has one address",
            app.prefix()
        ));
    }
    let pattern = match (app.prefix(), route.pattern()) {
        ("", pattern) => pattern.to_owned(),
        (prefix, "/") => format!("{prefix}/"),
        (prefix, pattern) => format!("{prefix}{pattern}"),
    };
    Ok(RouteEntry { route, app: app.label(), pattern })
}

fn conflicts(entries: &[RouteEntry], errors: &mut Vec<String>) {
    let mut seen: HashMap<String, Vec<&RouteEntry>> = HashMap::new();
    for entry in entries {
        let same = seen.entry(shape(&entry.pattern)).or_default();
        if let Some(other) = same.iter().find(|other| overlap(other, entry)) {
            errors.push(format!(
                "two views answer the same requests: {} and {}; give one of them another address",
                place(other),
                place(entry)
            ));
        }
        same.push(entry);
    }
}

fn overlap(a: &RouteEntry, b: &RouteEntry) -> bool {
    a.route.methods().overlaps(b.route.methods())
}

fn place(entry: &RouteEntry) -> String {
    let (file, line) = entry.route.place();
    let methods: Methods = entry.route.methods();
    format!("`{}` ({methods} {}, {file}:{line})", entry.route.name(), entry.pattern)
}

/// The first name that each parameter was given, by its place.
#[derive(Default)]
struct Names(HashMap<String, String>);

impl Names {
    fn unify(&mut self, pattern: &str) -> String {
        let (mut out, mut place) = (String::new(), String::new());
        for segment in segments(pattern) {
            out.push('/');
            place.push('/');
            match segment {
                Segment::Literal(text) => {
                    out.push_str(text);
                    place.push_str(text);
                }
                Segment::Param(name) => {
                    place.push_str("{}");
                    out.push_str(&format!("{{{}}}", self.first(&place, name)));
                }
                Segment::CatchAll(name) => {
                    place.push_str("{*}");
                    out.push_str(&format!("{{*{}}}", self.first(&place, name)));
                }
            }
        }
        out
    }

    fn first(&mut self, place: &str, name: &str) -> &str {
        self.0.entry(place.to_owned()).or_insert_with(|| name.to_owned())
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
