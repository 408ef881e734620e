//! Saving a form: one transaction for the row, its relations, its inlines and the history.

use nuages::admin::rows;
use nuages::auth::AuthSettings;
use nuages::backend::{Db, Row};
use nuages::form::Zone;
use nuages::query::{ManyRelation, insert_row, update_row};
use nuages::value::{ColumnKind, Value};
use nuages::{Error, ErrorKind, Result};

use super::errors::Errors;
use super::file;
use super::inline::{self, InlineSpec};
use super::labels::{self, Labels, target};
use super::merge::{self, Conflict};
use super::rights::Guard;
use super::spec::{FormSpec, Part};
use super::state::FormState;
use crate::asked::{Asked, Posted};
use crate::list::columns::key_of;
use crate::log::{self, Changed, Entry, Verb};
use crate::text;

/// A form about to be saved.
pub(crate) struct Saving<'a> {
    pub(crate) asked: &'a Asked,
    pub(crate) form: &'a FormSpec,
    pub(crate) inlines: &'a [InlineSpec],
    pub(crate) posted: &'a Posted,
    /// The key of the row; none for a new one.
    pub(crate) key: Option<Value>,
}

/// What became of it.
pub(crate) enum Outcome {
    /// It is saved.
    Saved(Saved),
    /// Nothing is saved; this is why.
    Invalid(Errors),
    /// Nothing is saved; somebody else saved meanwhile.
    Conflict(Conflict),
}

/// A saved row.
pub(crate) struct Saved {
    pub(crate) key: Value,
    pub(crate) label: String,
    /// Whether anything was different.
    pub(crate) changed: bool,
}

/// What is found out on the way, whether the transaction holds or not.
#[derive(Default)]
struct Findings {
    errors: Errors,
    /// Where in the form the database was being written from.
    at: Option<(FormSpec, String)>,
}

enum Step {
    Saved(Saved),
    Conflict(Conflict),
}

/// The value of each column that is written, with what the history says of it.
#[derive(Default)]
pub(crate) struct Changes {
    pub(crate) values: Vec<(usize, Value)>,
    pub(crate) many: Vec<(usize, Vec<Value>)>,
    pub(crate) log: Vec<Changed>,
}

impl Changes {
    /// Takes what becomes of a file.
    fn file(&mut self, part: Part, held: Option<&FormState>, values: Vec<(usize, Value)>) {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let now = values.first().and_then(|(_, value)| text(&text::plain(value)));
        let was = held.and_then(|held| text(held.one(part.name())));
        self.log.push(Changed { field: part.name().to_owned(), label: part.label(), was, now });
        // The sizes of an image come from the image, whatever was typed for them.
        self.values.retain(|(known, _)| !values.iter().any(|(index, _)| index == known));
        self.values.extend(values);
    }

    /// Whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.many.is_empty()
    }
}

impl Saving<'_> {
    /// Saves it.
    pub(crate) async fn run(&self) -> Result<Outcome> {
        let mut findings = Findings::default();
        let passwords = self.passwords(&mut findings.errors).await?;
        if !findings.errors.is_empty() {
            return Ok(Outcome::Invalid(findings.errors));
        }
        let seen = &mut findings;
        let result = self.asked.db.atomic(async |db| self.write(&db, &passwords, seen).await).await;
        match result {
            Ok(Step::Saved(saved)) => Ok(Outcome::Saved(saved)),
            Ok(Step::Conflict(conflict)) => Ok(Outcome::Conflict(conflict)),
            Err(_) if !findings.errors.is_empty() => Ok(Outcome::Invalid(findings.errors)),
            Err(error) => {
                let (form, prefix) = findings.at.unwrap_or_else(|| (self.form.clone(), String::new()));
                findings.errors.take(&form, &prefix, error)?;
                Ok(Outcome::Invalid(findings.errors))
            }
        }
    }

    /// New passwords, hashed before the transaction begins, so that no lock is held meanwhile.
    async fn passwords(&self, errors: &mut Errors) -> Result<Vec<(usize, Value)>> {
        let settings = AuthSettings::of(self.asked.context.site());
        let mut hashed = Vec::new();
        for part in self.form.editable().filter(|part| part.is_password()) {
            let Part::Column(index, field) = part else { continue };
            let typed = self.posted.get(field.name).unwrap_or_default();
            if typed.is_empty() {
                if self.form.adding {
                    errors.add(field.name, "This is required.");
                }
                continue;
            }
            let known = nuages::auth::validators::UserAttributes::new()
                .with("username", self.posted.get("username").unwrap_or_default());
            for problem in settings.password_policy.validate(typed, &known) {
                errors.add(field.name, problem);
            }
            if errors.is_empty() {
                hashed.push((index, Value::Text(settings.hasher.hash(typed).await?)));
            }
        }
        Ok(hashed)
    }

    async fn write(&self, db: &Db, passwords: &[(usize, Value)], seen: &mut Findings) -> Result<Step> {
        let (asked, form) = (self.asked, self.form);
        let held_row = self.held(db).await?;
        let held = match &held_row {
            Some(row) => FormState::of_row(db, form, row, asked.zone()).await?,
            None => FormState::initial(form, &crate::address::Address::default(), asked.zone()),
        };
        let mut state = FormState::of_posted(form, self.posted, "", &held);
        if held_row.is_some()
            && let Some(conflict) = merge::check(asked, db, form, self.posted, &held, &mut state).await?
        {
            return Ok(Step::Conflict(conflict));
        }
        let old = held_row.is_some().then_some(&held);
        let mut changes = changes(asked, db, form, "", old, &state, &mut seen.errors).await?;
        add_passwords(form, passwords, &mut changes);
        if !seen.errors.is_empty() {
            self.look_at_inlines(db, seen).await?;
        }
        stop_at(&seen.errors)?;
        seen.at = Some((form.clone(), String::new()));
        let row = write_row(asked, db, form, held_row, &changes).await?;
        let key = key_of(form.entry.schema, &row)?;
        seen.at = None;
        let mut changed = !changes.is_empty() || form.adding;
        for inline in self.inlines {
            let wrote =
                inline::save(asked, db, inline, &key, self.posted, &mut seen.errors, &mut seen.at).await?;
            changed |= !wrote.is_empty();
            changes.log.extend(wrote);
            if seen.errors.is_empty() {
                seen.errors.general.extend(inline.miscounted(db, &key).await?);
            }
        }
        stop_at(&seen.errors)?;
        let label = (form.entry.describe)(&row, 0)?;
        if changed {
            let verb = if form.adding { Verb::Added } else { Verb::Changed };
            let (schema, key) = (form.entry.schema, text::plain(&key));
            let entry =
                Entry { schema, key, object: &label, verb, source: "in the form", changes: &changes.log };
            log::write(db, asked, &[entry]).await?;
        }
        Ok(Step::Saved(Saved { key, label, changed }))
    }

    /// Says what is wrong with the rows of the inlines along with what is wrong already. Nothing of it is kept: the
    /// transaction ends with the errors.
    async fn look_at_inlines(&self, db: &Db, seen: &mut Findings) -> Result<()> {
        let nothing = Value::Null((self.form.entry.schema.key_field().kind)());
        let key = self.key.as_ref().unwrap_or(&nothing);
        for inline in self.inlines {
            inline::save(self.asked, db, inline, key, self.posted, &mut seen.errors, &mut seen.at).await?;
        }
        Ok(())
    }

    async fn held(&self, db: &Db) -> Result<Option<Row>> {
        let Some(key) = &self.key else { return Ok(None) };
        let row = rows::find(db, self.form.entry.schema, key.clone(), true).await?;
        row.map(Some).ok_or_else(|| gone(self.form))
    }
}

/// The error of a row that is not there any more.
pub(crate) fn gone(form: &FormSpec) -> Error {
    let noun = crate::registry::capital(form.entry.schema.verbose_name);
    Error::new(
        ErrorKind::DoesNotExist,
        format!("{noun}: it was deleted, or the address has a mistake in it."),
    )
}

/// Ends the transaction when something is wrong; the caller knows what.
fn stop_at(errors: &Errors) -> Result<()> {
    if errors.is_empty() { Ok(()) } else { Err(Error::new(ErrorKind::Validation, "the form has errors")) }
}

fn add_passwords(form: &FormSpec, passwords: &[(usize, Value)], changes: &mut Changes) {
    for (index, value) in passwords {
        changes.values.push((*index, value.clone()));
        let field = &form.entry.schema.fields[*index];
        let label = crate::registry::capital(field.options.label);
        let now = Some("another one".to_owned());
        changes.log.push(Changed { field: field.name.to_owned(), label, was: None, now });
    }
}

/// Writes one row and its many-to-many relations.
pub(crate) async fn write_row(
    asked: &Asked,
    db: &Db,
    form: &FormSpec,
    held: Option<Row>,
    changes: &Changes,
) -> Result<Row> {
    let entry = form.entry;
    let guard = Guard::before(asked, entry, held.as_ref())?;
    let row = match held {
        None => insert_row(db, entry, changes.values.clone()).await?,
        Some(row) if changes.values.is_empty() => row,
        Some(row) => {
            let key = key_of(entry.schema, &row)?;
            let fresh = update_row(db, entry, key.clone(), changes.values.clone()).await?;
            match fresh {
                Some(row) => row,
                None => rows::find(db, entry.schema, key, false).await?.ok_or_else(|| gone(form))?,
            }
        }
    };
    for (index, keys) in &changes.many {
        let owner = key_of(entry.schema, &row)?;
        let relation = ManyRelation { model: entry.schema, index: *index, reverse: false, owner };
        relation.set(db, keys.clone()).await?;
    }
    guard.after(db, entry, key_of(entry.schema, &row)?).await?;
    Ok(row)
}

/// What is different between what a row holds and what was typed; says what is wrong with the latter.
pub(crate) async fn changes(
    asked: &Asked,
    db: &Db,
    form: &FormSpec,
    prefix: &str,
    held: Option<&FormState>,
    state: &FormState,
    errors: &mut Errors,
) -> Result<Changes> {
    let parts: Vec<Part> = form
        .editable()
        .filter(|part| !part.is_password() && held.is_none_or(|held| state.differs(held, *part)))
        .collect();
    let specs = form
        .fields()
        .filter(|spec| parts.iter().any(|part| part.name() == spec.part.name()))
        .collect::<Vec<_>>();
    let states = [Some(state), held].into_iter().flatten().map(|state| (specs.clone(), state));
    let labels = Labels::load(db, states).await?;
    let mut changes = Changes::default();
    for part in parts {
        let name = format!("{prefix}{}", part.name());
        if part.is_file() {
            match file::change(db, form, part, state).await? {
                Ok(values) => changes.file(part, held, values),
                Err(problem) => errors.add(name, problem),
            }
            continue;
        }
        match value(form, part, state, &labels, asked.zone()) {
            Err(problems) => problems.into_iter().for_each(|problem| errors.add(name.clone(), problem)),
            // Spelled in another way it is still the same: `1.50` for `1.5`, JSON with other blanks.
            Ok(New::Column(_, value)) if held.is_some_and(|held| holds(form, part, held, &value, asked)) => {
                continue;
            }
            Ok(new) if !offered(db, form, part, held, &new).await? => {
                let noun = target(part).map_or("rows", |target| target.schema.verbose_name_plural);
                errors.add(name, format!("Choose among the {noun} that are offered."));
            }
            Ok(New::Column(index, value)) => changes.values.push((index, value)),
            Ok(New::Many(index, keys)) => changes.many.push((index, keys)),
        }
        let words = |state: &FormState| in_words(part, state, &labels, asked.zone());
        let (was, now) = (held.and_then(words), words(state));
        // Two values can have the same words, such as two instants of one minute.
        if held.is_some() || was != now {
            changes.log.push(Changed { field: part.name().to_owned(), label: part.label(), was, now });
        }
    }
    Ok(changes)
}

/// Whether a field holds this very value already.
fn holds(form: &FormSpec, part: Part, held: &FormState, value: &Value, asked: &Asked) -> bool {
    let rules = form.rules(part);
    let held = rules.map(|rules| rules.clean(held.all(part.name()), asked.zone()));
    held.is_some_and(|held| held.as_ref() == Ok(value))
}

enum New {
    Column(usize, Value),
    Many(usize, Vec<Value>),
}

/// Whether what was chosen anew is among the rows that the relation offers.
async fn offered(db: &Db, form: &FormSpec, part: Part, held: Option<&FormState>, new: &New) -> Result<bool> {
    let mut keys = match new {
        New::Column(_, value) if value.is_null() => return Ok(true),
        New::Column(_, value) => vec![value.clone()],
        New::Many(_, keys) => keys.clone(),
    };
    if let (Some(held), Some(target)) = (held, target(part)) {
        let before: Vec<Value> =
            held.all(part.name()).iter().filter_map(|text| labels::key(target, text)).collect();
        keys.retain(|key| !before.contains(key));
    }
    nuages::form::offers(db, form.entry, part.name(), keys).await
}

/// What was typed into a field as a value of it.
fn value(
    form: &FormSpec,
    part: Part,
    state: &FormState,
    labels: &Labels,
    zone: Zone,
) -> Result<New, Vec<String>> {
    let missing = |noun: &str| vec![format!("This {noun} does not exist any more.")];
    match part {
        Part::Column(index, field) => {
            let Some(rules) = form.rules(part) else {
                return Err(vec!["This cannot be edited here.".to_owned()]);
            };
            let value = rules
                .clean(state.all(field.name), zone)
                .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>())?;
            if let Some(target) = target(part).filter(|_| !value.is_null())
                && labels.get(target, state.one(field.name)).is_none()
            {
                return Err(missing(target.schema.verbose_name));
            }
            Ok(New::Column(index, value))
        }
        Part::Many(index, _) => {
            let Some(target) = target(part) else { return Ok(New::Many(index, Vec::new())) };
            let keys = state.all(part.name()).iter().map(|text| {
                let known = labels.get(target, text).and_then(|_| labels::key(target, text));
                known.ok_or_else(|| missing(target.schema.verbose_name))
            });
            Ok(New::Many(index, keys.collect::<Result<_, _>>()?))
        }
    }
}

/// What stands in a field, as the history says it.
pub(crate) fn in_words(part: Part, state: &FormState, labels: &Labels, zone: Zone) -> Option<String> {
    if let Some(target) = target(part) {
        let names: Vec<&str> =
            state.all(part.name()).iter().filter_map(|text| labels.get(target, text)).collect();
        return (!names.is_empty()).then(|| names.join(", "));
    }
    let Part::Column(_, field) = part else { return None };
    let typed = state.one(field.name);
    if (field.kind)() == ColumnKind::Bool && !field.nullable {
        return Some(if typed.is_empty() { "No" } else { "Yes" }.to_owned());
    }
    text::value(field, typed, zone).and_then(|value| text::read(field, &value, zone))
}
