//! The pages of one row: adding it, changing it, looking at it.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use nuages::Result;
use nuages::admin::{Cell, ListColumn, rows};
use nuages::backend::Row;
use nuages::form::ErrorSummary;
use nuages::http::redirect;
use nuages::model::{ModelEntry, ReferrerKind, referrers};
use nuages::value::Value;

use super::draw::Drawing;
use super::errors::Errors;
use super::inline::{self, InlineSpec};
use super::labels::{self, Labels};
use super::lookup;
use super::merge;
use super::save::{Outcome, Saved, Saving, gone};
use super::spec::FormSpec;
use super::state::FormState;
use crate::address::{Address, segment};
use crate::asked::{Asked, Posted};
use crate::list::columns::key_of;
use crate::log::{self, Verb};
use crate::page::Link;
use crate::page::form::{FormPage, Group, Inline, Tool};
use crate::registry::{self, capital, heading, list_url, object_url, with_article};
use crate::text;

/// Related models that are linked beside the form.
const RELATED: usize = 12;

/// A form in the making.
struct Page<'a> {
    asked: &'a Asked,
    form: FormSpec,
    inlines: Vec<InlineSpec>,
    row: Option<Row>,
    /// What stands in the form.
    state: FormState,
    /// What the row holds.
    version: String,
    /// What the form was opened with, for a merge.
    was: String,
    posted: Option<&'a Posted>,
    errors: Errors,
    back: String,
    address: Address,
}

/// The form of a new row.
pub(crate) async fn add(asked: &Asked, entry: &'static ModelEntry, address: &Address) -> Result<Response> {
    let form = FormSpec::of(entry, &asked.by, true, true);
    let state = FormState::initial(&form, address, asked.zone());
    let inlines = inline::plan(entry, &asked.by);
    let back = address.get("_back").unwrap_or_default().to_owned();
    let (version, was) = (state.version(&form), String::new());
    let errors = Errors::default();
    let address = address.clone();
    Page { asked, form, inlines, row: None, state, version, was, posted: None, errors, back, address }
        .show()
        .await
}

/// A new row that was posted.
pub(crate) async fn add_posted(
    asked: &Asked,
    entry: &'static ModelEntry,
    posted: Posted,
) -> Result<Response> {
    let form = FormSpec::of(entry, &asked.by, true, true);
    take(asked, form, None, posted).await
}

/// The form of a row; only to look at, if the user may not change it.
pub(crate) async fn change(
    asked: &Asked,
    entry: &'static ModelEntry,
    key: &str,
    address: &Address,
) -> Result<Response> {
    let (form, row) = open(asked, entry, key).await?;
    let state = FormState::of_row(&asked.db, &form, &row, asked.zone()).await?;
    let inlines = inline::plan(entry, &asked.by);
    let back = address.get("_back").unwrap_or_default().to_owned();
    let (version, was) = (state.version(&form), state.remembered(&form));
    Page {
        asked,
        form,
        inlines,
        row: Some(row),
        state,
        version,
        was,
        posted: None,
        errors: Errors::default(),
        back,
        address: address.clone(),
    }
    .show()
    .await
}

/// A changed row that was posted.
pub(crate) async fn change_posted(
    asked: &Asked,
    entry: &'static ModelEntry,
    key: &str,
    posted: Posted,
) -> Result<Response> {
    let (form, row) = open(asked, entry, key).await?;
    if is_protected(asked, entry, &row)? {
        return Err(nuages::Error::new(
            nuages::ErrorKind::PermissionDenied,
            "Only a superuser may change a superuser.",
        ));
    }
    take(asked, form, Some(row), posted).await
}

async fn open(asked: &Asked, entry: &'static ModelEntry, key: &str) -> Result<(FormSpec, Row)> {
    let form = FormSpec::of(entry, &asked.by_for(key), false, asked.may("change", entry.schema));
    let value = labels::key(entry, key).ok_or_else(|| gone(&form))?;
    let Some(row) = rows::find(&asked.db, entry.schema, value, false).await? else {
        return Err(deleted(asked, &form, key).await?);
    };
    if is_protected(asked, entry, &row)? {
        return Ok((FormSpec::of(entry, &asked.by, false, false), row));
    }
    if registry::is_user(entry) && !asked.by.is_superuser && may_have_rights(&row)? {
        // Nor the password of somebody else of the staff, who may have other rights.
        return Ok((form.without_passwords(), row));
    }
    Ok((form, row))
}

/// The error of a row that is not there any more: who deleted it, where the history knows.
async fn deleted(asked: &Asked, form: &FormSpec, key: &str) -> Result<nuages::Error> {
    let schema = form.entry.schema;
    let last = log::of_row(&asked.db, schema, key, None, 1).await?;
    let Some(last) = last.first().filter(|last| last.verb == Verb::Deleted) else { return Ok(gone(form)) };
    let when = text::local(last.at, asked.zone()).format("%-d %b %Y, %H:%M");
    let (noun, object, who) = (capital(schema.verbose_name), &last.object, &last.username);
    let text = format!("{noun} “{object}” was deleted on {when} by {who}.");
    Ok(nuages::Error::new(nuages::ErrorKind::DoesNotExist, text))
}

/// Whether it is a superuser's row and somebody else asks: whoever may change users must not become a superuser by it.
fn is_protected(asked: &Asked, entry: &ModelEntry, row: &Row) -> Result<bool> {
    Ok(registry::is_user(entry) && !asked.by.is_superuser && is_superuser(row)?)
}

/// Whether it is somebody of the staff, or somebody switched off, of whom nobody can say it.
fn may_have_rights(row: &Row) -> Result<bool> {
    let user = nuages::auth::UserEntry::current().read(row, 0)?;
    Ok(user.staff() || !user.active())
}

/// Whether a row of the user model is a superuser.
pub(crate) fn is_superuser(row: &Row) -> Result<bool> {
    Ok(nuages::auth::UserEntry::current().read(row, 0)?.superuser())
}

async fn take(asked: &Asked, form: FormSpec, row: Option<Row>, mut posted: Posted) -> Result<Response> {
    let inlines = inline::plan(form.entry, &asked.by);
    if let Some(name) = posted.get("_lookup").map(str::to_owned) {
        return lookup::page(asked, &form, &inlines, &posted, &name).await;
    }
    let unfinished = posted.has("_addrow") || lookup::take(&mut posted);
    if unfinished {
        return again(asked, form, inlines, row, &posted, Errors::default(), StatusCode::OK).await;
    }
    if form.editable().next().is_none() && inlines.is_empty() {
        return Err(nuages::Error::new(
            nuages::ErrorKind::PermissionDenied,
            "You may look at this, and not change it.",
        ));
    }
    let key = row.as_ref().map(|row| key_of(form.entry.schema, row)).transpose()?;
    let saving = Saving { asked, form: &form, inlines: &inlines, posted: &posted, key: key.clone() };
    match saving.run().await? {
        Outcome::Saved(saved) => after(asked, form.entry, form.adding, &saved, &posted),
        Outcome::Conflict(conflict) => {
            let key = key.as_ref().map(text::plain).unwrap_or_default();
            merge::page(asked, &form, &posted, conflict, &key).await
        }
        Outcome::Invalid(errors) => {
            again(asked, form, inlines, row, &posted, errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// The form again, with everything that was typed.
async fn again(
    asked: &Asked,
    form: FormSpec,
    inlines: Vec<InlineSpec>,
    row: Option<Row>,
    posted: &Posted,
    errors: Errors,
    status: StatusCode,
) -> Result<Response> {
    let held = match &row {
        Some(row) => FormState::of_row(&asked.db, &form, row, asked.zone()).await?,
        None => FormState::initial(&form, &Address::default(), asked.zone()),
    };
    let state = FormState::of_posted(&form, posted, "", &held);
    // The form still counts as loaded when it was loaded first: what others saved meanwhile is not overwritten.
    let version = posted.get("_version").unwrap_or_default().to_owned();
    let back = posted.get("_back").unwrap_or_default().to_owned();
    let was = posted.get("_was").unwrap_or_default().to_owned();
    let (posted, address) = (Some(posted), Address::default());
    let page = Page { asked, form, inlines, row, state, version, was, posted, errors, back, address };
    let drawn = page.draw().await?;
    asked.page_with(status, &drawn)
}

fn after(
    asked: &Asked,
    entry: &ModelEntry,
    adding: bool,
    saved: &Saved,
    posted: &Posted,
) -> Result<Response> {
    let schema = entry.schema;
    let noun = schema.verbose_name;
    let url = object_url(&asked.root, schema, &saved.key);
    let text = match (adding, saved.changed) {
        (true, _) => format!("The {noun} was added:"),
        (false, true) => format!("The {noun} was saved:"),
        (false, false) => format!("Nothing was different in the {noun}"),
    };
    if !asked.may("view", schema) {
        asked.tell(true, format!("{text} {}", saved.label), None)?;
        let to = if posted.has("_another") {
            format!("{}add", list_url(&asked.root, schema))
        } else {
            format!("{}/", asked.root)
        };
        return Ok(redirect(to).into_response());
    }
    asked.tell(true, text, Some(Link::new(saved.label.clone(), url.clone())))?;
    let back = posted.get("_back").filter(|back| !back.is_empty());
    let list = list_url(&asked.root, schema);
    let to = if posted.has("_another") {
        format!("{list}add")
    } else if posted.has("_continue") {
        let back = back.map(|back| Address::default().with("_back", back).url()).unwrap_or_default();
        format!("{url}{back}")
    } else {
        // The state of the list is a query string; it is encoded anew, so that it cannot be anything else.
        format!("{list}{}", back.map(|back| Address::parse(back).url()).unwrap_or_default())
    };
    Ok(redirect(to).into_response())
}

impl Page<'_> {
    async fn show(&self) -> Result<Response> {
        self.asked.page(&self.draw().await?)
    }

    async fn draw(&self) -> Result<FormPage> {
        let (asked, entry) = (self.asked, self.form.entry);
        let schema = entry.schema;
        let fields: Vec<_> = self.form.fields().collect();
        let labels = Labels::load(&asked.db, [(fields, &self.state)]).await?;
        let (state, errors, root) = (&self.state, &self.errors, asked.root.as_str());
        let (zone, storages) = (asked.zone(), asked.db.storages());
        let drawing = Drawing { state, labels: &labels, errors, root, zone, storages, prefix: "", row: None };
        let groups = drawing.groups(&self.form);
        let key = self.row.as_ref().map(|row| key_of(schema, row)).transpose()?;
        let inlines =
            inline::draw(asked, &self.inlines, key.as_ref(), &self.address, self.posted, errors).await?;
        let summary = summary(errors, &groups, &inlines);
        let label = self.row.as_ref().map(|row| (entry.describe)(row, 0)).transpose()?;
        let title = label.unwrap_or_else(|| format!("Add {}", with_article(schema.verbose_name)));
        let editable =
            self.form.editable().next().is_some() || inlines.iter().any(|inline| inline.blank.is_some());
        let list = format!("{}{}", list_url(root, schema), Address::parse(&self.back).url());
        Ok(FormPage {
            shell: asked.shell(&title, &[(&heading(schema), &list), (&title, "")], Some(schema))?,
            noun: schema.verbose_name.to_owned(),
            lede: if editable {
                String::new()
            } else {
                "You may look at this, and not change it.".to_owned()
            },
            summary,
            groups,
            inlines,
            version: self.version.clone(),
            was: self.was.clone(),
            back: self.back.clone(),
            can_save: editable,
            can_add: asked.may("add", schema),
            tools: key.as_ref().map(|key| tools(asked, entry, key)).unwrap_or_default(),
            facts: self.facts()?,
            related: key.as_ref().map(|key| related(asked, entry, key)).unwrap_or_default(),
        })
    }

    /// What the database or the program made, and what the project computes for its list: shown beside the form.
    fn facts(&self) -> Result<Vec<(String, Cell)>> {
        let Some(row) = &self.row else { return Ok(Vec::new()) };
        let entry = self.form.entry;
        let schema = entry.schema;
        let mut facts = Vec::new();
        for (index, field) in schema.fields.iter().enumerate() {
            let options = &field.options;
            let made = options.auto_now || options.auto_now_add || options.generated || options.version;
            if self.form.find(field.name).is_some() || !(schema.is_key(index) || made) {
                continue;
            }
            let value = row.value(index, (field.kind)())?;
            facts.push(match index == schema.key {
                true => ("Key".to_owned(), Cell::Code(text::plain(&value))),
                false => (capital(field.options.label), text::cell(field, &value, self.asked.zone())),
            });
        }
        for column in entry.admin.list_display.for_request(&self.asked.by).unwrap_or_default() {
            if let ListColumn::Computed { label, cell } = column {
                facts.push((registry::words(label), cell(row, 0)?));
            }
        }
        Ok(facts)
    }
}

/// What is wrong with the whole page.
fn summary(errors: &Errors, groups: &[Group], inlines: &[Inline]) -> ErrorSummary {
    let mut summary = ErrorSummary::default();
    errors.general.iter().for_each(|text| summary.add_general(text));
    groups.iter().for_each(|group| summary.add(&group.fields));
    for row in inlines.iter().flat_map(|inline| &inline.rows) {
        row.errors.iter().for_each(|text| summary.add_general(text));
        summary.add(&row.fields);
    }
    summary
}

fn tools(asked: &Asked, entry: &ModelEntry, key: &Value) -> Vec<Tool> {
    let url = object_url(&asked.root, entry.schema, key);
    let mut tools =
        vec![Tool { icon: "clock", link: Link::new("History", format!("{url}history")), danger: false }];
    if asked.may("delete", entry.schema) {
        tools.push(Tool { icon: "trash", link: Link::new("Delete", format!("{url}delete")), danger: true });
    }
    tools
}

/// The lists of rows that refer to this one, where those lists can be filtered by it.
fn related(asked: &Asked, entry: &ModelEntry, key: &Value) -> Vec<Link> {
    let mut links = Vec::new();
    for referrer in referrers(entry.schema) {
        let name = match referrer.relation {
            ReferrerKind::Foreign(_) => referrer.model.fields[referrer.index].name,
            ReferrerKind::ManyToMany(many) => many.name,
        };
        let Some(other) = registry::find(asked.context.site(), referrer.model.app, &referrer.model.slug())
        else {
            continue;
        };
        let filter = format!("f.{name}");
        let known = crate::list::filter_names(other, &asked.by).contains(&filter);
        if asked.may("view", other.schema) && known {
            let list = list_url(&asked.root, other.schema);
            links.push(Link::new(
                heading(other.schema),
                format!("{list}?{filter}={}", segment(&text::plain(key))),
            ));
        }
    }
    links.truncate(RELATED);
    links
}
