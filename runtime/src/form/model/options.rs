//! What may be chosen in a field that refers to another table, at most so many.

use std::collections::HashSet;

use nuages_schema::ModelSchema;

use super::fetch;
use crate::backend::{Db, Row};
use crate::error::Result;
use crate::expr::{Condition, Expr};
use crate::form::bound::BoundField;
use crate::form::parse::parse;
use crate::form::show::show;
use crate::form::state::FormState;
use crate::form::widget::{Choice, Widget};
use crate::model::{ModelEntry, entry_of, key_value};
use crate::query::{KeyValue, ManyRelation, Select};
use crate::value::{Value, Zone};

/// The most rows that a list offers. A table with more is searched by typing, where the page can do that.
pub const MAX_OPTIONS: u64 = 200;

impl FormState {
    /// Loads what may be chosen in the fields that refer to other tables, and what is chosen.
    /// Call it before the form is shown; a form that is only saved does not need it.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn load_choices(&mut self, db: &Db) -> Result<()> {
        self.load_choices_up_to(db, MAX_OPTIONS).await
    }

    /// As [`load_choices`](Self::load_choices), with another limit; with 0 only what is chosen is loaded.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn load_choices_up_to(&mut self, db: &Db, limit: u64) -> Result<()> {
        self.load_relations(db).await?;
        let Some(entry) = self.model.as_ref().map(|model| model.entry) else { return Ok(()) };
        for field in self.fields.iter_mut().filter(|field| field.field.open) {
            let Some(target) = target(entry.schema, &field.field.name) else { continue };
            let offered = Select::of(target).limited((entry.limit_choices_to)(&field.field.name));
            let chosen = chosen(field);
            let (choices, complete) = options(db, offered, limit, chosen).await?;
            field.field.choices = Some(choices);
            if !complete && matches!(field.field.widget, Widget::Select | Widget::SelectMultiple) {
                field.field.widget = Widget::Autocomplete("".into());
            }
        }
        Ok(())
    }

    /// What the many-to-many fields of an existing row show at first.
    pub(in crate::form) async fn load_relations(&mut self, db: &Db) -> Result<()> {
        let Some(model) = self.model.clone() else { return Ok(()) };
        let Some(owner) = model.key() else { return Ok(()) };
        let schema = model.entry.schema;
        for (index, many) in schema.many_to_many.iter().enumerate() {
            let Some(field) = self.field_mut(many.name).filter(|field| field.initial.is_none()) else {
                continue;
            };
            let relation = ManyRelation { model: schema, index, reverse: false, owner: owner.clone() };
            field.initial = Some(Value::Array(field.field.kind, relation.keys(db).await?));
        }
        Ok(())
    }
}

/// The table that a field refers to.
pub(super) fn target(schema: &'static ModelSchema, name: &str) -> Option<&'static ModelSchema> {
    let foreign = schema.field(name).and_then(|field| field.foreign).map(|foreign| foreign.target);
    let many = || schema.many_to_many.iter().find(|many| many.name == name).map(|many| many.target);
    foreign.or_else(many).map(|target| target())
}

/// The keys that are chosen, as far as they are keys.
fn chosen(field: &BoundField) -> Vec<Value> {
    let texts = field.texts();
    texts.iter().filter_map(|text| parse(field.field.kind, text.trim(), Zone::default())).collect()
}

/// Whether a relation offers these rows: they fulfil its `limit_choices_to`.
///
/// # Errors
/// If the database fails.
pub async fn offers(db: &Db, entry: &'static ModelEntry, name: &str, keys: Vec<Value>) -> Result<bool> {
    let (Some(limit), Some(target)) = ((entry.limit_choices_to)(name), target(entry.schema, name)) else {
        return Ok(true);
    };
    let wanted: HashSet<KeyValue> = keys.iter().cloned().map(KeyValue::from).collect();
    let found = fetch(db, &by_keys(target, keys).limited(Some(limit)).only_key()).await?;
    Ok(found.len() >= wanted.len())
}

/// The first rows that are offered and the chosen ones, and whether these are all that are offered.
async fn options(db: &Db, mut select: Select, limit: u64, chosen: Vec<Value>) -> Result<(Vec<Choice>, bool)> {
    let target = select.model;
    let limited = !select.filters.is_empty();
    let mut rows = Vec::new();
    if limit > 0 {
        select.limit = Some(limit + 1);
        rows = fetch(db, &select).await?;
    }
    let complete = limit > 0 && rows.len() as u64 <= limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let mut choices: Vec<Choice> = rows.iter().map(|row| choice(target, row)).collect::<Result<_>>()?;
    let known = |choices: &[Choice], key: &Value| choices.iter().any(|choice| choice.value == key_text(key));
    let missing: Vec<Value> = chosen.into_iter().filter(|key| !known(&choices, key)).collect();
    // What was chosen before is shown, though it may not be chosen anew.
    if (!complete || limited) && !missing.is_empty() {
        for row in fetch(db, &by_keys(target, missing)).await? {
            choices.push(choice(target, &row)?);
        }
    }
    Ok((choices, complete))
}

fn key_text(key: &Value) -> String {
    show(key, Zone::default())
}

/// A row as a choice: its key and what it is called.
fn choice(target: &'static ModelSchema, row: &Row) -> Result<Choice> {
    let key = key_text(&key_value(row, 0, target)?);
    let label = match entry_of(target) {
        Some(entry) => (entry.describe)(row, 0)?,
        None => key.clone(),
    };
    Ok(Choice::new(key, label))
}

/// The rows with these keys, in no order.
pub(super) fn by_keys(target: &'static ModelSchema, keys: Vec<Value>) -> Select {
    let mut select = Select::of(target);
    select.filters.push(Condition::In(Expr::Column(select.key_column()), keys));
    select.order = Some(Vec::new());
    select
}
