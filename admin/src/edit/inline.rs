//! Rows of another model on the page of the row they refer to.

use nuages::Result;
use nuages::admin::{AdminRequest, Inline};
use nuages::backend::{Db, Row};
use nuages::form::Zone;
use nuages::model::{ModelEntry, entry_of};
use nuages::value::Value;
use nuages_schema::ModelSchema;

use super::draw::Drawing;
use super::errors::Errors;
use super::inline_rows::{Found, MOST, said};
use super::labels::{Labels, key};
use super::save::{Changes, changes, write_row};
use super::spec::FormSpec;
use super::state::FormState;
use crate::address::Address;
use crate::asked::{Asked, Posted};
use crate::list::columns::key_of;
use crate::log::Changed;
use crate::page::form::{Inline as Drawn, InlineRow};
use crate::registry::{capital, is_shown, object_url};
use crate::text;

/// What is said of rows that two people had in a form.
const CHANGED: &str = "Somebody else changed this row meanwhile. Load the page again.";
const DELETED: &str = "Somebody else deleted this row meanwhile. Load the page again.";
/// What a row is called that was deleted while somebody had it in a form.
const GONE_LABEL: &str = "Deleted meanwhile";

/// An inline for one user.
#[derive(Clone)]
pub(crate) struct InlineSpec {
    pub(crate) form: FormSpec,
    pub(crate) prefix: String,
    /// The position of the foreign key that leads to the row of the page.
    pub(super) foreign: usize,
    pub(super) options: Inline,
    may_add: bool,
    may_change: bool,
    may_delete: bool,
}

/// A row of an inline as the page shows it.
struct RowState {
    key: String,
    version: String,
    label: String,
    state: FormState,
    deleted: bool,
}

/// The inlines that the options name and the user may see.
pub(crate) fn plan(entry: &'static ModelEntry, by: &AdminRequest) -> Vec<InlineSpec> {
    let named = entry.admin.inlines.for_request(by).unwrap_or_default();
    named.iter().filter_map(|inline| InlineSpec::of(entry.schema, inline, by)).collect()
}

impl InlineSpec {
    fn of(parent: &'static ModelSchema, inline: &Inline, by: &AdminRequest) -> Option<Self> {
        let entry = entry_of((inline.model)())?;
        let leads_here = |index: &usize| {
            let field = &entry.schema.fields[*index];
            field.foreign.is_some_and(|foreign| (foreign.target)() == parent)
                && inline.foreign_key.is_none_or(|name| name == field.name)
        };
        let foreign = (0..entry.schema.fields.len()).find(leads_here)?;
        let may = |verb: &str| by.may(verb, entry.schema);
        let (may_add, may_change) = (may("add"), may("change"));
        if !(may_change || may("view")) {
            return None;
        }
        Some(Self {
            form: FormSpec::only(entry, inline.fields, foreign, by, may_add || may_change),
            prefix: format!("{}-{}", entry.schema.slug(), entry.schema.fields[foreign].name),
            foreign,
            options: *inline,
            may_add,
            may_change,
            may_delete: inline.can_delete && may("delete"),
        })
    }

    /// The form of a row: one that may not be saved is only shown.
    fn form(&self, new: bool) -> FormSpec {
        let mut form = self.form.clone();
        let schema = form.entry.schema;
        let may = if new { self.may_add } else { self.may_change };
        for field in form.groups.iter_mut().flat_map(|group| &mut group.fields) {
            // The key of a row that is there names it, and stays.
            field.editable &= may && (new || !field.part.is_key(schema));
        }
        form.adding = new;
        form
    }

    pub(super) fn row_prefix(&self, at: impl std::fmt::Display) -> String {
        format!("{}-{at}", self.prefix)
    }

    /// Rows of the database, each with what the page shows of it.
    fn held(&self, found: Vec<Row>, zone: Zone) -> Result<Vec<(Row, RowState)>> {
        let form = self.form(false);
        let row = |row: Row| {
            let state = FormState::of_columns(&form, &row, zone)?;
            let shown = RowState {
                key: text::plain(&key_of(form.entry.schema, &row)?),
                version: state.version(&form),
                label: (form.entry.describe)(&row, 0)?,
                state,
                deleted: false,
            };
            Ok((row, shown))
        };
        found.into_iter().map(row).collect()
    }

    fn blank(&self, zone: Zone) -> RowState {
        RowState {
            key: String::new(),
            version: String::new(),
            label: format!("New {}", self.form.entry.schema.verbose_name),
            state: FormState::initial(&self.form(true), &Address::default(), zone),
            deleted: false,
        }
    }

    /// The rows as they were posted. A row that belongs to another parent is no row; one that is gone is.
    fn posted(
        &self,
        posted: &Posted,
        held: &[(Row, RowState)],
        gone: &[String],
        zone: Zone,
    ) -> Vec<RowState> {
        let total = self.total(posted).unwrap_or(MOST);
        let blank = self.blank(zone);
        let row = |at: u64| {
            let prefix = self.row_prefix(at);
            let key = posted.get(&format!("{prefix}-_key")).unwrap_or_default();
            let known = held.iter().find(|(_, row)| row.key == key).map(|(_, row)| row);
            if known.is_none() && !key.is_empty() && !gone.iter().any(|gone| gone == key) {
                return None;
            }
            let base = known.unwrap_or(&blank);
            let form = self.form(key.is_empty());
            let label = if known.is_none() && !key.is_empty() { GONE_LABEL } else { base.label.as_str() };
            Some(RowState {
                key: key.to_owned(),
                version: posted.get(&format!("{prefix}-_version")).unwrap_or_default().to_owned(),
                label: label.to_owned(),
                state: FormState::of_posted(&form, posted, &format!("{prefix}-"), &base.state),
                deleted: posted.has(&format!("{prefix}-_delete")) && self.may_delete && !key.is_empty(),
            })
        };
        (0..total).filter_map(row).collect()
    }

    /// How many empty rows follow so many others, when the page is opened.
    fn extra(&self, rows: u64) -> u32 {
        let least = u64::from(self.options.min_num).saturating_sub(rows);
        let room = self.options.max_num.map_or(u64::MAX, |most| u64::from(most).saturating_sub(rows));
        u32::try_from(u64::from(self.options.extra).max(least).min(room)).unwrap_or(u32::MAX)
    }

    /// Whether the options say how many rows there are, and who saves can do something about it.
    pub(super) const fn is_counted(&self) -> bool {
        let said = self.options.min_num > 0 || self.options.max_num.is_some();
        said && (self.may_add || self.may_delete)
    }

    fn too_many(&self) -> String {
        let rows = capital(self.form.entry.schema.verbose_name_plural);
        format!("{rows}: a form takes at most {MOST} rows of them, and nothing of this one was saved.")
    }

    /// Whether somebody typed into a row that is gone; one that was only shown, or that was to go, is no loss.
    fn is_lost(&self, row: &RowState, form: &FormSpec) -> bool {
        self.may_change && !row.deleted && row.state.version(form) != row.version
    }

    fn draw_row(
        &self,
        row: &RowState,
        at: impl std::fmt::Display,
        asked: &Asked,
        labels: &Labels,
        errors: &Errors,
    ) -> InlineRow {
        let (root, zone, storages) = (asked.root.as_str(), asked.zone(), asked.db.storages());
        let prefix = self.row_prefix(at);
        let form = self.form(row.key.is_empty());
        let shown = (!self.options.stacked).then_some(row.label.as_str());
        let drawing =
            Drawing { state: &row.state, labels, errors, root, zone, storages, prefix: &prefix, row: shown };
        let specs: Vec<_> = form.fields().collect();
        let schema = self.form.entry.schema;
        let url = key(self.form.entry, &row.key)
            .filter(|_| is_shown(self.form.entry))
            .map(|key| object_url(root, schema, &key));
        InlineRow {
            fields: drawing.fields(&form, &specs),
            key: row.key.clone(),
            version: row.version.clone(),
            label: row.label.clone(),
            url,
            deleted: row.deleted,
            errors: errors.of(&prefix),
            prefix,
        }
    }
}

/// The inlines as the page shows them: from the database, or from what was posted.
pub(crate) async fn draw(
    asked: &Asked,
    inlines: &[InlineSpec],
    parent: Option<&Value>,
    address: &Address,
    posted: Option<&Posted>,
    errors: &Errors,
) -> Result<Vec<Drawn>> {
    let zone = asked.zone();
    let mut drawn = Vec::new();
    for inline in inlines {
        let found = match (parent, posted) {
            (Some(parent), Some(posted)) => inline.named(&asked.db, parent, posted).await?,
            (Some(parent), None) => inline.page(&asked.db, parent, address).await?,
            (None, _) => Found::default(),
        };
        let count = match parent {
            Some(parent) => inline.count(&asked.db, parent).await?,
            None => 0,
        };
        let pages = inline.links(&found, address)?;
        let held = inline.held(found.rows, zone)?;
        let initial = held.len();
        let mut shown: Vec<RowState> = match posted {
            Some(posted) => inline.posted(posted, &held, &found.gone, zone),
            None => held.into_iter().map(|(_, row)| row).collect(),
        };
        let asked_for_more = posted.is_some_and(|posted| posted.get("_addrow") == Some(&inline.prefix));
        let extra = if posted.is_none() { inline.extra(count) } else { u32::from(asked_for_more) };
        if inline.may_add {
            shown.extend((0..extra).map(|_| inline.blank(zone)));
        }
        let fields: Vec<_> = inline.form.fields().collect();
        let labels = Labels::load(&asked.db, shown.iter().map(|row| (fields.clone(), &row.state))).await?;
        let draw =
            |row: &RowState, at: &dyn std::fmt::Display| inline.draw_row(row, at, asked, &labels, errors);
        let schema = inline.form.entry.schema;
        let form = inline.form(true);
        let blank = draw(&inline.blank(zone), &"__n__");
        drawn.push(Drawn {
            title: capital(schema.verbose_name_plural),
            noun: schema.verbose_name.to_owned(),
            prefix: inline.prefix.clone(),
            columns: columns(&blank, &form),
            rows: shown.iter().enumerate().map(|(at, row)| draw(row, &at)).collect(),
            blank: inline.may_add.then_some(blank).filter(|_| inline.has_room(count)),
            stacked: inline.options.stacked,
            most: inline.options.max_num,
            can_delete: inline.may_delete,
            initial,
            count: said(count),
            pages,
        });
    }
    Ok(drawn)
}

/// The heads of the columns: label, and whether it must be filled in.
fn columns(blank: &InlineRow, form: &FormSpec) -> Vec<(String, bool)> {
    let columns = blank.fields.fields().iter().zip(form.fields());
    columns.map(|(drawn, spec)| (spec.part.label(), drawn.field.required)).collect()
}

/// Saves what was posted for an inline; gives what the history says of it.
pub(crate) async fn save(
    asked: &Asked,
    db: &Db,
    inline: &InlineSpec,
    parent: &Value,
    posted: &Posted,
    errors: &mut Errors,
    at: &mut Option<(FormSpec, String)>,
) -> Result<Vec<Changed>> {
    let zone = asked.zone();
    if inline.total(posted).is_none() {
        errors.general.push(inline.too_many());
        return Ok(Vec::new());
    }
    let found = inline.named(db, parent, posted).await?;
    let mut held = inline.held(found.rows, zone)?;
    let blank = inline.blank(zone);
    let mut log = Vec::new();
    for (number, row) in inline.posted(posted, &held, &found.gone, zone).into_iter().enumerate() {
        let prefix = format!("{}-", inline.row_prefix(number));
        let form = inline.form(row.key.is_empty());
        *at = Some((form.clone(), prefix.clone()));
        let place = held.iter().position(|(_, held)| held.key == row.key);
        let Some(place) = place else {
            if !row.key.is_empty() {
                if inline.is_lost(&row, &form) {
                    errors.add(prefix.trim_end_matches('-'), DELETED);
                }
                continue;
            }
            log.extend(add(asked, db, inline, parent, &form, &prefix, &blank.state, &row, errors).await?);
            continue;
        };
        if row.deleted {
            log.extend(delete(asked, db, inline, &held[place].0, &prefix, errors).await?);
            continue;
        }
        let old = &held[place].1;
        if !inline.may_change {
            continue;
        }
        if row.version != old.version && form.editable().any(|part| row.state.differs(&old.state, part)) {
            errors.add(prefix.trim_end_matches('-'), CHANGED);
            continue;
        }
        let changed = changes(asked, db, &form, &prefix, Some(&old.state), &row.state, errors).await?;
        if !changed.is_empty() && errors.is_empty() {
            let label = old.label.clone();
            let (taken, _) = held.swap_remove(place);
            write_row(asked, db, &form, Some(taken), &changed).await?;
            log.extend(changed.log.into_iter().map(|change| within(inline, &label, change)));
        }
    }
    *at = None;
    Ok(log)
}

#[expect(clippy::too_many_arguments, reason = "each is one thing that a new row is made of")]
async fn add(
    asked: &Asked,
    db: &Db,
    inline: &InlineSpec,
    parent: &Value,
    form: &FormSpec,
    prefix: &str,
    blank: &FormState,
    row: &RowState,
    errors: &mut Errors,
) -> Result<Option<Changed>> {
    let touched = form.editable().any(|part| row.state.differs(blank, part));
    if !inline.may_add || !touched {
        return Ok(None);
    }
    let mut new: Changes = changes(asked, db, form, prefix, None, &row.state, errors).await?;
    if !errors.is_empty() {
        return Ok(None);
    }
    new.values.push((inline.foreign, parent.clone()));
    let written = write_row(asked, db, form, None, &new).await?;
    let label = (form.entry.describe)(&written, 0)?;
    Ok(Some(whole(inline, None, Some(label))))
}

async fn delete(
    asked: &Asked,
    db: &Db,
    inline: &InlineSpec,
    row: &Row,
    prefix: &str,
    errors: &mut Errors,
) -> Result<Option<Changed>> {
    let entry = inline.form.entry;
    let label = (entry.describe)(row, 0)?;
    let blocked = crate::delete::marked(asked, db, entry, vec![key_of(entry.schema, row)?]).await?;
    if blocked.is_empty() {
        return Ok(Some(whole(inline, Some(label), None)));
    }
    blocked.into_iter().for_each(|text| errors.add(prefix.trim_end_matches('-'), text));
    Ok(None)
}

/// A change of a whole row.
fn whole(inline: &InlineSpec, was: Option<String>, now: Option<String>) -> Changed {
    let schema = inline.form.entry.schema;
    Changed { field: inline.prefix.clone(), label: capital(schema.verbose_name), was, now }
}

/// A change of a field of a row.
fn within(inline: &InlineSpec, row: &str, change: Changed) -> Changed {
    let noun = capital(inline.form.entry.schema.verbose_name);
    let field = format!("{}.{}", inline.prefix, change.field);
    Changed { field, label: format!("{noun} “{row}”: {}", change.label.to_lowercase()), ..change }
}
