//! Deleting: first the page that says what will happen, then the deletion.

mod plan;
mod words;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use nuages::admin::rows;
use nuages::backend::Db;
use nuages::http::redirect;
use nuages::model::ModelEntry;
use nuages::query::PlannedRows;
use nuages::value::Value;
use nuages::{Error, ErrorKind, Result};

use crate::actions::{DELETE, names};
use crate::asked::{Asked, Posted};
use crate::edit;
use crate::log::{self, Entry, Verb};
use crate::page::Link;
use crate::page::delete::{DeletePage, Sample, Wrong};
use crate::registry::{self, counted, grouped, heading, is_shown, list_url, object_url};
use crate::text;
use plan::Planned;
use words::{button, confirmation, effects, merged};

/// Rows of each model that the page names.
const NAMED: usize = 20;
/// The field that says which plan was looked at.
const PLAN: &str = "_plan";

/// The page of one row.
pub(crate) async fn one(asked: &Asked, entry: &'static ModelEntry, key: &str) -> Result<Response> {
    let (value, label) = find(asked, entry, key).await?;
    let url = object_url(&asked.root, entry.schema, &value);
    let question = Question {
        asked,
        entry,
        keys: vec![value],
        label: Some(label),
        carry: Vec::new(),
        cancel: url,
        wrong: Wrong::Nothing,
    };
    question.page().await
}

/// A row whose deletion was confirmed.
pub(crate) async fn one_posted(
    asked: &Asked,
    entry: &'static ModelEntry,
    key: &str,
    posted: &Posted,
) -> Result<Response> {
    let (value, label) = find(asked, entry, key).await?;
    let url = object_url(&asked.root, entry.schema, &value);
    let back = list_url(&asked.root, entry.schema);
    let keys = vec![value];
    let question = Question {
        asked,
        entry,
        keys,
        label: Some(label),
        carry: Vec::new(),
        cancel: url,
        wrong: Wrong::Nothing,
    };
    question.decide(posted, &back).await
}

/// Deletes rows that were marked on the page of the row they belong to, with what goes with them. Gives what
/// stands in the way; then nothing was deleted.
pub(crate) async fn marked(
    asked: &Asked,
    db: &Db,
    entry: &'static ModelEntry,
    keys: Vec<Value>,
) -> Result<Vec<String>> {
    let planned = Planned::of(asked, db, entry, &keys).await?;
    let blocked = planned.blocked(asked);
    if blocked.is_empty() {
        planned.run(db, entry, keys).await?;
    }
    Ok(blocked)
}

/// Selected rows of a list: asks first, deletes when it comes back confirmed.
pub(crate) async fn selected(
    asked: &Asked,
    entry: &'static ModelEntry,
    keys: Vec<Value>,
    posted: &Posted,
    back: &str,
) -> Result<Response> {
    if registry::is_user(entry) && !asked.by.is_superuser {
        for row in rows::fetch(&asked.db, &rows::by_keys(entry.schema, keys.clone())).await? {
            refuse_superuser(asked, entry, &row)?;
        }
    }
    let mut carry = vec![("_action".to_owned(), DELETE.to_owned())];
    carry.extend(keys.iter().map(|key| ("_selected".to_owned(), text::plain(key))));
    let question =
        Question { asked, entry, keys, label: None, carry, cancel: back.to_owned(), wrong: Wrong::Nothing };
    if posted.has("_confirm") { question.decide(posted, back).await } else { question.page().await }
}

async fn find(asked: &Asked, entry: &'static ModelEntry, key: &str) -> Result<(Value, String)> {
    let missing = || {
        Error::new(
            ErrorKind::DoesNotExist,
            format!("This {} does not exist any more.", entry.schema.verbose_name),
        )
    };
    let value = edit::key(entry, key).ok_or_else(missing)?;
    let row = rows::find(&asked.db, entry.schema, value.clone(), false).await?.ok_or_else(missing)?;
    refuse_superuser(asked, entry, &row)?;
    Ok((value, (entry.describe)(&row, 0)?))
}

fn refuse_superuser(asked: &Asked, entry: &ModelEntry, row: &nuages::backend::Row) -> Result<()> {
    if registry::is_user(entry) && !asked.by.is_superuser && edit::is_superuser(row)? {
        return Err(Error::new(ErrorKind::PermissionDenied, "Only a superuser may delete a superuser."));
    }
    Ok(())
}

struct Question<'a> {
    asked: &'a Asked,
    entry: &'static ModelEntry,
    keys: Vec<Value>,
    label: Option<String>,
    carry: Vec<(String, String)>,
    cancel: String,
    wrong: Wrong,
}

impl Question<'_> {
    /// Deletes what was looked at, in the transaction in which it is found to be that still.
    async fn decide(mut self, posted: &Posted, back: &str) -> Result<Response> {
        let asked = self.asked;
        let outcome = asked
            .db
            .atomic(async |db| {
                let planned = Planned::of(asked, &db, self.entry, &self.keys).await?;
                let wrong = self.objection(&planned, posted);
                if wrong != Wrong::Nothing || !planned.blocked(asked).is_empty() {
                    return Ok(Some((planned, wrong)));
                }
                self.delete(&db, planned).await.map(|()| None)
            })
            .await;
        let (planned, wrong) = match outcome {
            Ok(None) => return self.done(back),
            Ok(Some(found)) => found,
            // Somebody made a row that refers to one that was to go, a moment ago.
            Err(error) if error.kind() == ErrorKind::ForeignKey => {
                (Planned::of(asked, &asked.db, self.entry, &self.keys).await?, Wrong::Changed)
            }
            Err(error) => return Err(error),
        };
        let status =
            if wrong == Wrong::Changed { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
        self.wrong = wrong;
        let page = self.draw(&planned).await?;
        asked.page_with(status, &page)
    }

    /// Why what is planned is not what was confirmed.
    fn objection(&self, planned: &Planned, posted: &Posted) -> Wrong {
        let seen = posted
            .get(PLAN)
            .and_then(|plan| self.asked.signer("admin.delete").unsign(plan).ok().map(str::to_owned));
        if seen.is_none_or(|seen| seen != planned.digest()) {
            return Wrong::Changed;
        }
        let typed = posted.get("_count").map(str::trim);
        match confirmation(planned) {
            Some(count) if typed != Some(&*count) => Wrong::Count,
            _ => Wrong::Nothing,
        }
    }

    fn done(&self, back: &str) -> Result<Response> {
        let noun = self.entry.schema.verbose_name;
        let text = match &self.label {
            Some(label) => format!("The {noun} “{label}” was deleted."),
            None => format!("{} deleted.", counted(self.keys.len() as u64, self.entry.schema)),
        };
        self.asked.tell(true, text, None)?;
        Ok(redirect(back.to_owned()).into_response())
    }

    async fn delete(&self, db: &Db, planned: Planned) -> Result<()> {
        let schema = self.entry.schema;
        let source = if self.label.is_some() { "in the form" } else { "in the list" };
        let names = names(db, self.entry, &self.keys).await?;
        planned.run(db, self.entry, self.keys.clone()).await?;
        let entries: Vec<Entry<'_>> = names
            .iter()
            .map(|(key, object)| Entry {
                schema,
                key: key.clone(),
                object,
                verb: Verb::Deleted,
                source,
                changes: &[],
            })
            .collect();
        log::write(db, self.asked, &entries).await
    }

    async fn page(&self) -> Result<Response> {
        let planned = Planned::of(self.asked, &self.asked.db, self.entry, &self.keys).await?;
        self.asked.page(&self.draw(&planned).await?)
    }

    async fn draw(&self, planned: &Planned) -> Result<DeletePage> {
        let schema = self.entry.schema;
        let title = match &self.label {
            Some(label) => format!("Delete “{label}”?"),
            None => format!("Delete {}?", counted(self.keys.len() as u64, schema)),
        };
        let list = list_url(&self.asked.root, schema);
        let models = heading(schema);
        let own = self.label.as_deref().map(|label| (label, self.cancel.as_str()));
        let crumbs: Vec<(&str, &str)> = [Some((models.as_str(), list.as_str())), own, Some(("Delete", ""))]
            .into_iter()
            .flatten()
            .collect();
        let shell = self.asked.shell(&title, &crumbs, Some(schema))?;
        let mut carry = self.carry.clone();
        carry.push((PLAN.to_owned(), self.asked.signer("admin.delete").sign(&planned.digest())));
        Ok(DeletePage {
            action: String::new(),
            carry,
            effects: effects(planned, self.entry),
            samples: self.samples(planned).await?,
            blocked: planned.blocked(self.asked),
            confirm: confirmation(planned),
            at_least: planned.cut_off(),
            wrong: self.wrong,
            button: button(planned, self.entry),
            cancel: self.cancel.clone(),
            shell,
        })
    }

    async fn samples(&self, planned: &Planned) -> Result<Vec<Sample>> {
        let mut samples = Vec::new();
        let own = self.label.is_some();
        for (kind, word) in [
            (&planned.plan.blocked, "in the way"),
            (&planned.plan.deleted, "to be deleted"),
            (&planned.by_database.deleted, "to be deleted by the database"),
            (&planned.plan.changed, "to be changed"),
            (&planned.by_database.changed, "to be changed by the database"),
        ] {
            for rows in merged(kind) {
                if own
                    && rows.entry.schema == self.entry.schema
                    && word == "to be deleted"
                    && rows.keys.len() == 1
                {
                    continue;
                }
                samples.push(self.sample(&rows, word).await?);
            }
        }
        Ok(samples)
    }

    async fn sample(&self, planned: &PlannedRows, word: &str) -> Result<Sample> {
        let schema = planned.entry.schema;
        let first = &planned.keys[..planned.keys.len().min(NAMED)];
        let visible = is_shown(planned.entry) && self.asked.may("view", schema);
        let objects = if visible { names(&self.asked.db, planned.entry, first).await? } else { Vec::new() };
        let link = |(key, label): (String, String)| {
            let url = edit::key(planned.entry, &key).map(|key| object_url(&self.asked.root, schema, &key));
            Link::new(label, url.unwrap_or_default())
        };
        let rest = planned.keys.len() - objects.len();
        Ok(Sample {
            title: format!("{} {word}", heading(schema)),
            objects: objects.into_iter().map(link).collect(),
            more: if rest > 0 { format!("and {} more", grouped(rest as u64)) } else { String::new() },
        })
    }
}
