//! The first page.

use axum::response::Response;
use nuages::Result;

use crate::asked::Asked;
use crate::edit::key;
use crate::history::drawn;
use crate::log::{self, LogEntry, Verb};
use crate::page::Link;
use crate::page::home::{AppGroup, HomePage, ModelEntry, Recent};
use crate::registry::{self, heading, list_url, object_url};
use crate::text;

/// Entries of one's own work.
const RECENT: u64 = 12;

/// Shows what there is and what the user did last.
pub(crate) async fn show(asked: &Asked) -> Result<Response> {
    let recent = log::of_user(&asked.db, &asked.by.user_key, RECENT).await?;
    // Whose permissions an entry is about is known of superusers only: they have all.
    let others = match asked.by.is_superuser {
        true => log::of_others(&asked.db, &asked.by.user_key, RECENT).await?,
        false => Vec::new(),
    };
    let entry = |entry: &&'static nuages::model::ModelEntry| {
        let schema = entry.schema;
        ModelEntry {
            list: Link::new(heading(schema), list_url(&asked.root, schema)),
            add: asked.may("add", schema).then(|| format!("{}add", list_url(&asked.root, schema))),
            noun: schema.verbose_name.to_owned(),
        }
    };
    let groups = registry::shown(asked.context.site()).into_iter().map(|(label, entries)| AppGroup {
        label,
        models: entries.iter().filter(|entry| asked.may("view", entry.schema)).map(entry).collect(),
    });
    let apps: Vec<AppGroup> = groups.filter(|group| !group.models.is_empty()).collect();
    let shell = asked.shell("", &[], None)?;
    let title = asked.admin.index_title.map_or_else(|| format!("{} admin", shell.site), str::to_owned);
    asked.page(&HomePage {
        shell: crate::page::shell::Shell { title, ..shell },
        apps,
        recent: recent.into_iter().map(|entry| Recent { who: String::new(), ..work(asked, entry) }).collect(),
        others: others.into_iter().map(|entry| work(asked, entry)).collect(),
    })
}

fn work(asked: &Asked, entry: LogEntry) -> Recent {
    let model = registry::find(asked.context.site(), &entry.app, &entry.model);
    let open = model.filter(|model| entry.verb != Verb::Deleted && asked.may("view", model.schema));
    let url =
        open.and_then(|model| Some(object_url(&asked.root, model.schema, &key(model, &entry.object_key)?)));
    let (icon, verb) = drawn(entry.verb);
    Recent {
        icon,
        verb: verb.to_owned(),
        who: entry.username,
        object: Link::new(entry.object, url.unwrap_or_default()),
        noun: model.map_or(entry.model, |model| model.schema.verbose_name.to_owned()),
        when: text::local(entry.at, asked.zone()).format("%-d %b %Y, %H:%M").to_string(),
    }
}
