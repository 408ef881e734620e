//! Deleting: first the page that says what will happen, then the deletion.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use nuages::admin::{Tone, rows};
use nuages::http::redirect;
use nuages::model::{ModelEntry, ReferrerKind, referrers};
use nuages::query::{Plan, PlannedRows, plan_delete, run_delete};
use nuages::value::Value;
use nuages::{Error, ErrorKind, Result};
use nuages_schema::ModelSchema;

use crate::actions::{DELETE, names};
use crate::asked::{Asked, Posted};
use crate::edit;
use crate::log::{self, Entry, Verb};
use crate::page::Link;
use crate::page::delete::{DeletePage, Effect, Sample};
use crate::registry::{self, capital, counted, grouped, heading, is_shown, list_url, object_url};
use crate::text;

/// Rows that the preview looks at.
const LOOKED_AT: usize = 10_000;
/// Rows of each model that it names.
const NAMED: usize = 20;
/// From here on, the count has to be typed.
const MANY: usize = 1_000;

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
        wrong: false,
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
    let question =
        Question { asked, entry, keys, label: Some(label), carry: Vec::new(), cancel: url, wrong: false };
    question.decide(posted, &back).await
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
    let question = Question { asked, entry, keys, label: None, carry, cancel: back.to_owned(), wrong: false };
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
    wrong: bool,
}

impl Question<'_> {
    async fn plan(&self) -> Result<Plan> {
        plan_delete(&self.asked.db, self.entry, self.keys.clone(), Some(LOOKED_AT)).await
    }

    /// Deletes, unless the plan says that it cannot be done or the count is another one.
    async fn decide(mut self, posted: &Posted, back: &str) -> Result<Response> {
        let plan = self.plan().await?;
        let wrong =
            confirmation(&plan).is_some_and(|count| posted.get("_count").map(str::trim) != Some(&count));
        if wrong || !self.blocked(&plan).is_empty() {
            self.wrong = wrong;
            let page = self.draw(&plan).await?;
            return self.asked.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
        self.delete().await?;
        let noun = self.entry.schema.verbose_name;
        let text = match &self.label {
            Some(label) => format!("The {noun} “{label}” was deleted."),
            None => format!("{} deleted.", counted(self.keys.len() as u64, self.entry.schema)),
        };
        self.asked.tell(true, text, None)?;
        Ok(redirect(back).into_response())
    }

    async fn delete(&self) -> Result<()> {
        let (asked, entry) = (self.asked, self.entry);
        let source = if self.label.is_some() { "in the form" } else { "in the list" };
        asked
            .db
            .atomic(async |db| {
                let names = names(&db, entry, &self.keys).await?;
                run_delete(&db, entry, self.keys.clone()).await?;
                let line = |(key, object): &'_ (String, String)| (key.clone(), object.clone());
                for (key, object) in names.iter().map(line) {
                    let schema = entry.schema;
                    let entry =
                        Entry { schema, key, object: &object, verb: Verb::Deleted, source, changes: &[] };
                    log::write(&db, asked, &[entry]).await?;
                }
                Ok(())
            })
            .await
    }

    async fn page(&self) -> Result<Response> {
        let plan = self.plan().await?;
        self.asked.page(&self.draw(&plan).await?)
    }

    async fn draw(&self, plan: &Plan) -> Result<DeletePage> {
        let schema = self.entry.schema;
        let title = match &self.label {
            Some(label) => format!("Delete “{label}”?"),
            None => format!("Delete {}?", counted(self.keys.len() as u64, schema)),
        };
        let list = list_url(&self.asked.root, schema);
        let shell = self.asked.shell(&title, &[(&heading(schema), &list), ("Delete", "")], Some(schema))?;
        Ok(DeletePage {
            action: String::new(),
            carry: self.carry.clone(),
            effects: effects(plan, self.entry),
            samples: self.samples(plan).await?,
            blocked: self.blocked(plan),
            confirm: confirmation(plan),
            wrong_count: self.wrong,
            button: button(plan, self.entry),
            cancel: self.cancel.clone(),
            shell,
        })
    }

    /// What stands in the way: protected rows, and rows that the user may not delete.
    fn blocked(&self, plan: &Plan) -> Vec<String> {
        let mut blocked: Vec<String> = plan
            .blocked
            .iter()
            .map(|rows| {
                let schema = rows.entry.schema;
                let by = rows.field.map_or("", |index| schema.fields[index].options.label);
                let verb = if rows.keys.len() == 1 { "refers" } else { "refer" };
                format!(
                    "{} still {verb} to this ({}).",
                    counted(rows.keys.len() as u64, schema),
                    by.to_lowercase()
                )
            })
            .collect();
        let mut models: Vec<&ModelSchema> = plan.deleted.iter().map(|rows| rows.entry.schema).collect();
        models.dedup_by_key(|schema| std::ptr::from_ref(*schema));
        for schema in models {
            if !self.asked.may("delete", schema) {
                blocked.push(format!("It would delete {}, which you may not.", schema.verbose_name_plural));
            }
        }
        blocked
    }

    async fn samples(&self, plan: &Plan) -> Result<Vec<Sample>> {
        let mut samples = Vec::new();
        let own = self.label.is_some();
        for (kind, word) in [
            (&plan.blocked, "in the way"),
            (&plan.deleted, "to be deleted"),
            (&plan.changed, "to be changed"),
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

/// Rows of one model together, whichever way they were found.
fn merged(planned: &[PlannedRows]) -> Vec<PlannedRows> {
    let mut all: Vec<PlannedRows> = Vec::new();
    for rows in planned {
        match all
            .iter_mut()
            .find(|known| known.entry.schema == rows.entry.schema && known.field == rows.field)
        {
            Some(known) => known.keys.extend(rows.keys.iter().cloned()),
            None => all.push(rows.clone()),
        }
    }
    all
}

fn effects(plan: &Plan, entry: &ModelEntry) -> Vec<Effect> {
    let mut effects = Vec::new();
    let more = if plan.cut_off { "+" } else { "" };
    let mut push = |rows: &PlannedRows, tone, what: String| {
        effects.push(Effect {
            nouns: heading(rows.entry.schema),
            count: format!("{}{more}", grouped(rows.keys.len() as u64)),
            tone,
            what,
        });
    };
    for rows in merged(&plan.blocked) {
        push(&rows, Tone::Warning, "in the way".to_owned());
    }
    for rows in merged(&plan.deleted) {
        let own = rows.entry.schema == entry.schema && rows.field.is_none();
        push(&rows, Tone::Bad, if own { "deleted" } else { "deleted with it" }.to_owned());
    }
    for rows in merged(&plan.changed) {
        let field =
            rows.field.map_or("", |index| rows.entry.schema.fields[index].options.label).to_lowercase();
        let null = rows.value.as_ref().is_none_or(Value::is_null);
        push(
            &rows,
            Tone::Note,
            format!("kept, {field} set {}", if null { "empty" } else { "to its default" }),
        );
    }
    effects.extend(unlinked(entry));
    effects
}

/// Many-to-many relations lose their links; the rows at the other end stay.
fn unlinked(entry: &ModelEntry) -> Vec<Effect> {
    let effect = |nouns: String| Effect {
        nouns,
        count: "any".to_owned(),
        tone: Tone::Note,
        what: "kept, unlinked".to_owned(),
    };
    let own = entry.schema.many_to_many.iter().map(|many| capital(many.label));
    let others = referrers(entry.schema).iter().filter_map(|referrer| match referrer.relation {
        ReferrerKind::ManyToMany(_) => Some(heading(referrer.model)),
        ReferrerKind::Foreign(_) => None,
    });
    own.chain(others).map(effect).collect()
}

/// What has to be typed where much is destroyed.
fn confirmation(plan: &Plan) -> Option<String> {
    let count: usize = plan.deleted.iter().map(|rows| rows.keys.len()).sum();
    (count > MANY).then(|| count.to_string())
}

fn button(plan: &Plan, entry: &ModelEntry) -> String {
    let mut own = 0;
    let mut others = Vec::new();
    for rows in merged(&plan.deleted) {
        if rows.entry.schema == entry.schema {
            own += rows.keys.len();
        } else {
            others.push(counted(rows.keys.len() as u64, rows.entry.schema));
        }
    }
    let noun = entry.schema.verbose_name;
    let own = if own == 1 { noun.to_owned() } else { counted(own as u64, entry.schema) };
    match others.as_slice() {
        [] => format!("Delete {own}"),
        [one] => format!("Delete {own} and {one}"),
        [one, rest @ ..] => format!("Delete {own}, {one} and {} more kinds", rest.len()),
    }
}
