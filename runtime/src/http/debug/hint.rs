//! The likely fix of an error.

use super::RouteLine;
use crate::error::{Error, ErrorKind};
use crate::http::{Problem, RequestContext};

/// What to do, in one sentence; `None` where a guess would mislead.
pub(super) fn likely_fix(
    context: &RequestContext,
    problem: &Problem,
    error: Option<&Error>,
    routes: &[RouteLine],
) -> Option<String> {
    if problem.status == 405 {
        return method(context);
    }
    let error = error?;
    let text = error.to_string().to_lowercase();
    match error.kind() {
        ErrorKind::NotFound => address(context, routes),
        ErrorKind::PoolTimeout => Some(
            "every connection was in use: look for work that waits inside `atomic`, or raise NUAGES_DATABASE_CONNECTIONS"
                .to_owned(),
        ),
        ErrorKind::DoesNotExist => Some(
            "no row matched; this is answered with 404. Where a missing row is no error, use `first` instead of `get`"
                .to_owned(),
        ),
        ErrorKind::MultipleObjects => {
            Some("several rows matched: filter by a field that is unique, or use `first`".to_owned())
        }
        _ => no_build_script(context, &text).or_else(|| by_text(&text)),
    }
}

/// What the databases say, and what it means.
const MEANINGS: &[(&[&str], &str)] = &[
    (
        &["no such table", "doesn't exist", "relation \"", "undefined table"],
        "the table is missing: run the pending migrations with `cargo run -- migrate`",
    ),
    (
        &["no such column", "unknown column", "column \""],
        "the table differs from the model: run the pending migrations with `cargo run -- migrate`",
    ),
    (
        &["connection refused", "could not connect", "can't connect"],
        "the database does not answer: is it running, and does DATABASE_URL name it?",
    ),
    (
        &["password authentication failed", "access denied"],
        "the database refused the user: look at DATABASE_URL",
    ),
    (&["database is locked"], "another program writes to the database file: close it, or wait for it"),
    (&["already borrowed", "rendered with the request"], "render the page through a view's `Page(…)`"),
    (&["there is no static file"], "put the file into the app's static folder and build again"),
    (&["no csrf token"], "write `{{ nuages::page::csrf()? }}` inside the form"),
];

/// Without a build script there are no migrations to run.
fn no_build_script(context: &RequestContext, text: &str) -> Option<String> {
    let (missing_table, _) = MEANINGS.first()?;
    let app = context.site().apps().iter().find(|app| app.lacks_migrations())?;
    missing_table.iter().any(|words| text.contains(words)).then(|| {
        format!(
            "the app `{}` has models and no migrations: write `fn main() {{ nuages_build::run(); }}` into its build.rs",
            app.label()
        )
    })
}

fn by_text(text: &str) -> Option<String> {
    let known = MEANINGS.iter().find(|(words, _)| words.iter().any(|word| text.contains(word)));
    known.map(|(_, fix)| (*fix).to_owned())
}

fn method(context: &RequestContext) -> Option<String> {
    let head = context.head();
    let routes = context.site().routes();
    let known: Vec<_> =
        routes.matching(head.uri.path()).map(|entry| entry.route.methods().to_string()).collect();
    let (method, known) = (&head.method, known.join(", "));
    (!known.is_empty()).then(|| {
        format!("this address answers {known}; add `{method}` to `#[view(…)]` or send another method")
    })
}

fn address(context: &RequestContext, routes: &[RouteLine]) -> Option<String> {
    if let Some(route) = routes.iter().find(|route| route.is_nearest) {
        return Some(format!("did you mean `{}` ({})?", route.pattern, route.view));
    }
    let path = context.head().uri.path();
    if let Some(entry) = context.site().routes().matching(path).next() {
        return Some(format!(
            "the address fits `{}`, but one of its arguments does not parse as the view's type",
            entry.pattern
        ));
    }
    Some(format!("write a view for it: `#[view(get, \"{}\")]`", path.escape_debug()))
}
