//! The page for developers: the likely fix first, then what happened, where, and in which request.

mod frames;
mod hint;
mod mask;
mod record;
mod repair;

pub(crate) use record::RequestRecord;
pub(crate) use repair::{Offer, offers, router};

use super::{Problem, RequestContext};
use crate::error::Error;
use crate::middleware::Panicked;
use crate::routing::{RouteEntry, nearest};
use askama::Template;
use frames::Frame;
use std::fmt::Write;

/// Everything on the page. The same is said as Markdown, for a bug report or a terminal.
#[derive(Template)]
#[template(path = "debug.html")]
pub(crate) struct DebugPage {
    status: u16,
    title: String,
    hint: Option<String>,
    offers: Vec<Offer>,
    /// From the outside in.
    chain: Vec<String>,
    place: Option<String>,
    frames: Vec<Frame>,
    queries: Vec<Query>,
    request: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    routes: Vec<RouteLine>,
    id: String,
}

struct Query {
    sql: String,
    values: usize,
    rows: u64,
    milliseconds: String,
}

struct RouteLine {
    methods: String,
    pattern: String,
    view: String,
    place: String,
    is_nearest: bool,
}

impl DebugPage {
    pub(crate) fn new(
        context: &RequestContext,
        problem: &Problem,
        error: Option<&Error>,
        panicked: Option<&Panicked>,
        offers: Vec<Offer>,
    ) -> Self {
        let trace = panicked.and_then(|panicked| panicked.trace.as_deref()).or(error.and_then(Error::trace));
        // Before the frames are named, which takes a while the first time.
        let request = record::summary(context);
        let routes = if problem.status == 404 { routes(context) } else { Vec::new() };
        Self {
            status: problem.status.as_u16(),
            title: problem.status.canonical_reason().unwrap_or("Error").to_owned(),
            hint: hint::likely_fix(context, problem, error, &routes),
            offers,
            chain: error.map(Error::chain).unwrap_or_default(),
            place: panicked.map(|panicked| panicked.place.clone()).or_else(|| view_place(context)),
            frames: trace.map(frames::of_project).unwrap_or_default(),
            queries: queries(context),
            request,
            headers: context.record().map(RequestRecord::headers).unwrap_or_default(),
            routes,
            id: problem.id.to_string(),
        }
    }

    /// The page as Markdown.
    pub(crate) fn markdown(&self) -> String {
        let mut out = format!("# {} {}\n\n", self.status, self.title);
        // Writing to a String cannot fail.
        let _ = self.write_markdown(&mut out);
        out
    }

    fn write_markdown(&self, out: &mut String) -> std::fmt::Result {
        if let Some(hint) = &self.hint {
            writeln!(out, "**Likely fix:** {hint}\n")?;
        }
        for Offer { repair, .. } in &self.offers {
            writeln!(out, "**{}:** run `{}`\n", repair.title, repair.command)?;
        }
        for text in &self.chain {
            writeln!(out, "- {text}")?;
        }
        if let Some(place) = &self.place {
            writeln!(out, "- in {place}")?;
        }
        for frame in &self.frames {
            writeln!(out, "\n## {} {}\n\n```rust", frame.place, frame.function)?;
            for line in &frame.lines {
                writeln!(out, "{}{:>5} {}", if line.hit { ">" } else { " " }, line.number, line.text)?;
            }
            writeln!(out, "```")?;
        }
        write_section(out, "SQL", &self.queries, |query| {
            format!(
                "{} ms, {} rows, {} values: `{}`",
                query.milliseconds, query.rows, query.values, query.sql
            )
        })?;
        write_section(out, "Request", &self.request, |(name, value)| format!("{name}: {value}"))?;
        write_section(out, "Headers", &self.headers, |(name, value)| format!("{name}: {value}"))?;
        write_section(out, "Routes", &self.routes, |route| {
            format!("{} `{}` {} ({})", route.methods, route.pattern, route.view, route.place)
        })?;
        writeln!(out, "\nRequest id: {}", self.id)
    }
}

fn write_section<T>(
    out: &mut String,
    title: &str,
    lines: &[T],
    line: impl Fn(&T) -> String,
) -> std::fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## {title}\n")?;
    lines.iter().try_for_each(|one| writeln!(out, "- {}", line(one)))
}

/// The view that was to answer.
fn view_place(context: &RequestContext) -> Option<String> {
    let head = context.head();
    let entry = context.site().routes().find(&head.method, head.uri.path())?;
    let (file, line) = entry.route.place();
    Some(format!("{file}:{line} (the view `{}`)", entry.route.name()))
}

fn queries(context: &RequestContext) -> Vec<Query> {
    let queries = context.used_db().map(crate::backend::Db::queries).unwrap_or_default();
    let line = |query: crate::backend::QueryRecord| Query {
        milliseconds: format!("{:.2}", query.elapsed.as_secs_f64() * 1000.0),
        values: query.args,
        rows: query.rows,
        sql: query.sql,
    };
    queries.into_iter().map(line).collect()
}

fn routes(context: &RequestContext) -> Vec<RouteLine> {
    let entries = context.site().routes().entries();
    let path = context.head().uri.path();
    let near = nearest(path, entries.iter().map(|entry| entry.pattern.as_str()));
    entries.iter().map(|entry| route_line(entry, near == Some(&entry.pattern))).collect()
}

fn route_line(entry: &RouteEntry, is_nearest: bool) -> RouteLine {
    let (file, line) = entry.route.place();
    RouteLine {
        methods: entry.route.methods().to_string(),
        pattern: entry.pattern.clone(),
        view: format!("{}::{}", entry.app, entry.route.name()),
        place: format!("{file}:{line}"),
        is_nearest,
    }
}
