//! What related rows are called, and the search among them.

use std::collections::HashMap;

use axum::Json;
use axum::response::{IntoResponse, Response};
use nuages::Result;
use nuages::admin::rows;
use nuages::backend::Db;
use nuages::expr::Condition;
use nuages::form::Zone;
use nuages::model::{ModelEntry, entry_of, key_from_text, models};
use nuages::query::Select;
use nuages::value::Value;

use super::spec::{FieldSpec, Part};
use super::state::FormState;
use crate::asked::Asked;
use crate::list::columns::key_of;
use crate::list::{fields_searched, search_condition};
use crate::page::choice::Choice;
use crate::text;

/// Rows that a search offers.
const OFFERED: usize = 20;
/// Keys in one statement.
const CHUNK: usize = 1_000;

/// What rows of related models are called, by table and key.
#[derive(Default)]
pub(crate) struct Labels(HashMap<(&'static str, String), String>);

impl Labels {
    /// Reads what the rows that forms refer to are called, with one statement for each model.
    pub(crate) async fn load<'a>(
        db: &Db,
        forms: impl IntoIterator<Item = (Vec<FieldSpec>, &'a FormState)>,
    ) -> Result<Self> {
        let mut wanted: Vec<(&'static ModelEntry, Vec<Value>)> = Vec::new();
        for (fields, state) in forms {
            for spec in fields {
                let Some(target) = target(spec.part) else { continue };
                let keys = state.all(spec.part.name()).iter().filter_map(|text| key(target, text));
                match wanted.iter_mut().find(|(known, _)| known.schema == target.schema) {
                    Some((_, known)) => known.extend(keys),
                    None => wanted.push((target, keys.collect())),
                }
            }
        }
        let mut labels = Self::default();
        for (target, keys) in wanted.into_iter().filter(|(_, keys)| !keys.is_empty()) {
            labels.read(db, target, keys).await?;
        }
        Ok(labels)
    }

    async fn read(&mut self, db: &Db, target: &'static ModelEntry, keys: Vec<Value>) -> Result<()> {
        // All of them: a relation of many rows is saved with each of them.
        for keys in keys.chunks(CHUNK) {
            for row in rows::fetch(db, &rows::by_keys(target.schema, keys.to_vec())).await? {
                let key = text::plain(&key_of(target.schema, &row)?);
                self.0.insert((target.schema.table.as_str(), key), (target.describe)(&row, 0)?);
            }
        }
        Ok(())
    }

    /// What the row with a key is called; nothing if there is none.
    pub(crate) fn get(&self, target: &ModelEntry, text: &str) -> Option<&str> {
        let key = text::plain(&key(target, text)?);
        self.0.get(&(target.schema.table.as_str(), key)).map(String::as_str)
    }
}

/// The model that a field refers to.
pub(crate) fn target(part: Part) -> Option<&'static ModelEntry> {
    match part {
        Part::Column(_, field) => entry_of((field.foreign?.target)()),
        Part::Many(_, many) => entry_of((many.target)()),
    }
}

/// A key of a model from its text.
pub(crate) fn key(target: &ModelEntry, text: &str) -> Option<Value> {
    key_from_text(target.schema, text, |index, text| {
        text::value(&target.schema.fields[index], text, Zone::default())
    })
}

/// The rows of a model that a search offers, and whether there are more.
pub(crate) async fn search(
    asked: &Asked,
    target: &'static ModelEntry,
    words: &str,
    limit: Option<Condition>,
) -> Result<(Vec<Choice>, bool)> {
    let mut select = Select::of(target.schema).limited(limit);
    let fields = fields_searched(target, &asked.by);
    select.filters.extend(search_condition(target.schema, &fields, words));
    select.limit = Some(OFFERED as u64 + 1);
    if target.schema.ordering.is_empty() {
        select.order = Some(select.key_order());
    }
    let found = rows::fetch(&asked.db, &select).await?;
    let more = found.len() > OFFERED;
    let choices = found.iter().take(OFFERED).map(|row| {
        let key = text::plain(&key_of(target.schema, row)?);
        Ok(Choice::new(key, (target.describe)(row, 0)?, false))
    });
    Ok((choices.collect::<Result<_>>()?, more))
}

/// What the field of this name says of the rows that it offers: `shop.Book.author`.
fn limit_of(relation: &str) -> Option<Condition> {
    let (label, name) = relation.rsplit_once('.')?;
    let entry = models().iter().find(|entry| entry.schema.label() == label)?;
    (entry.limit_choices_to)(name)
}

/// The search of a combobox. It wants the permission to see the rows that it offers.
/// `relation` names the field that they are offered for, where that one limits them: `shop.Book.author`.
pub(crate) async fn options(
    asked: &Asked,
    target: &'static ModelEntry,
    words: &str,
    relation: Option<&str>,
) -> Result<Response> {
    #[derive(serde::Serialize)]
    struct Offer {
        value: String,
        label: String,
    }
    #[derive(serde::Serialize)]
    struct Offers {
        options: Vec<Offer>,
        more: bool,
    }
    let limit = relation.and_then(limit_of);
    let (choices, more) = search(asked, target, words, limit).await?;
    let options = choices.into_iter().map(|Choice { value, label, .. }| Offer { value, label }).collect();
    Ok(Json(Offers { options, more }).into_response())
}
