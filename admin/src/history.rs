//! The history of one row.

use axum::response::Response;
use nuages::Result;
use nuages::admin::rows;
use nuages::form::Zone;
use nuages::model::ModelEntry;

use crate::address::Address;
use crate::asked::Asked;
use crate::edit::key;
use crate::log::{self, Changed, LogEntry, Verb};
use crate::page::Link;
use crate::page::history::{Change, Event, HistoryPage};
use crate::registry::{heading, list_url, object_url};
use crate::text;

/// Entries on a page.
const PAGE: u64 = 50;

/// Shows the history, also of a row that is gone.
pub(crate) async fn show(
    asked: &Asked,
    entry: &'static ModelEntry,
    raw: &str,
    address: &Address,
) -> Result<Response> {
    let schema = entry.schema;
    let before = address.get("before").and_then(|id| id.parse().ok());
    let entries = log::of_row(&asked.db, schema, raw, before, PAGE).await?;
    let row = match key(entry, raw) {
        Some(key) => rows::find(&asked.db, schema, key, false).await?,
        None => None,
    };
    let label = match (&row, entries.first()) {
        (Some(row), _) => (entry.describe)(row, 0)?,
        (None, Some(last)) => last.object.clone(),
        (None, None) => {
            let text = format!("There is no such {}, and nothing is known of one.", schema.verbose_name);
            return Err(nuages::Error::new(nuages::ErrorKind::NotFound, text));
        }
    };
    let url = key(entry, raw).filter(|_| row.is_some()).map(|key| object_url(&asked.root, schema, &key));
    let full = entries.len() as u64 == PAGE;
    let older = entries
        .last()
        .filter(|_| full)
        .map(|last| Address::default().with("before", last.id.to_string()).url());
    let title = format!("History of “{label}”");
    let list = list_url(&asked.root, schema);
    let own = url.clone().unwrap_or_else(|| list.clone());
    let crumbs = [(heading(schema), list), (label.clone(), own), ("History".to_owned(), String::new())];
    let crumbs: Vec<(&str, &str)> =
        crumbs.iter().map(|(label, url)| (label.as_str(), url.as_str())).collect();
    asked.page(&HistoryPage {
        shell: asked.shell(&title, &crumbs, Some(schema))?,
        noun: schema.verbose_name.to_owned(),
        object: url.map(|url| Link::new(label, url)),
        events: entries.into_iter().map(|entry| event(entry, asked.zone())).collect(),
        older,
    })
}

fn event(entry: LogEntry, zone: Zone) -> Event {
    let changes: Vec<Changed> = serde_json::from_value(entry.changes).unwrap_or_default();
    let (icon, verb) = drawn(entry.verb);
    Event {
        icon,
        verb: verb.to_owned(),
        who: entry.username,
        when: text::local(entry.at, zone).format("%-d %b %Y, %H:%M").to_string(),
        exact: entry.at.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        from: entry.source,
        changes: changes
            .into_iter()
            .map(|Changed { label, was, now, .. }| Change { label, was, now })
            .collect(),
    }
}

/// The drawing and the word of what was done.
pub(crate) const fn drawn(verb: Verb) -> (&'static str, &'static str) {
    match verb {
        Verb::Added => ("plus", "Added"),
        Verb::Changed => ("edit", "Changed"),
        Verb::Deleted => ("trash", "Deleted"),
    }
}
