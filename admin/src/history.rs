//! The history of one row.

use axum::response::Response;
use nuages::Result;
use nuages::admin::rows;
use nuages::form::Zone;
use nuages::model::ModelEntry;

use crate::address::Address;
use crate::asked::Asked;
use crate::edit::{FormSpec, InlineSpec, key, plan};
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
    let seen = Seen::by(asked, entry, raw);
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
        events: entries.into_iter().map(|entry| event(entry, &seen, asked.zone())).collect(),
        older,
    })
}

/// What of a row the form shows to this user; the history shows no more.
struct Seen {
    form: FormSpec,
    inlines: Vec<InlineSpec>,
    superuser: bool,
}

impl Seen {
    fn by(asked: &Asked, entry: &'static ModelEntry, key: &str) -> Self {
        let by = asked.by_for(key);
        let form = FormSpec::of(entry, &by, false, false);
        Self { form, inlines: plan(entry, &by), superuser: by.is_superuser }
    }

    /// Whether a field is shown: one of the form, an inline, a field of a row of it. What the model does not have
    /// any more is for superusers, as nobody else can say who might see it.
    fn has(&self, field: &str) -> bool {
        let schema = self.form.entry.schema;
        if schema.field(field).is_some() || schema.many_to_many.iter().any(|many| many.name == field) {
            return self.form.find(field).is_some();
        }
        let (prefix, of_row) = field.split_once('.').map_or((field, None), |(prefix, of)| (prefix, Some(of)));
        match self.inlines.iter().find(|inline| inline.prefix == prefix) {
            Some(inline) => of_row.is_none_or(|field| inline.form.find(field).is_some()),
            None => self.superuser,
        }
    }
}

fn event(entry: LogEntry, seen: &Seen, zone: Zone) -> Event {
    let changes: Vec<Changed> = serde_json::from_value(entry.changes).unwrap_or_default();
    let (icon, verb) = drawn(entry.verb);
    Event {
        icon,
        verb: verb.to_owned(),
        who: entry.username,
        when: text::local(entry.at, zone).format("%-d %b %Y, %H:%M").to_string(),
        exact: entry.at.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        from: entry.source,
        changes: changes.into_iter().filter(|change| seen.has(&change.field)).map(shown).collect(),
    }
}

/// A change as the page shows it: of long texts the part that is different.
fn shown(change: Changed) -> Change {
    let Changed { label, was, now, .. } = change;
    let texts = text::excerpts(was.as_deref().unwrap_or_default(), now.as_deref().unwrap_or_default());
    Change { label, was: was.map(|_| texts.0), now: now.map(|_| texts.1) }
}

/// The drawing and the word of what was done.
pub(crate) const fn drawn(verb: Verb) -> (&'static str, &'static str) {
    match verb {
        Verb::Added => ("plus", "Added"),
        Verb::Changed => ("edit", "Changed"),
        Verb::Deleted => ("trash", "Deleted"),
    }
}
