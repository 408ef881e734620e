//! Checks that ask the database: whether relations lead anywhere, and whether another row has the same.

use nuages_schema::{CheckSchema, ModelSchema, UniqueSchema, named_columns};

use super::options::{by_keys, offers, target};
use super::{ModelPart, fetch};
use crate::backend::Db;
use crate::error::Result;
use crate::form::bound::BoundField;
use crate::form::message::{ErrorCode, FormError};
use crate::form::state::FormState;
use crate::query::KeyValue;
use crate::sql;
use crate::value::Value;

impl FormState {
    /// Every check there is: those of the fields, which ran when the form was bound, and those that ask
    /// the database. Says whether the form is valid.
    ///
    /// # Errors
    /// If the database fails. What is wrong with the form is no error; it is kept in the form.
    pub async fn full_clean(&mut self, db: &Db) -> Result<bool> {
        let Some(model) = self.model.clone() else { return Ok(self.is_valid()) };
        if !self.bound {
            return Ok(false);
        }
        self.load_relations(db).await?;
        self.validate_relations(db, &model).await?;
        self.validate_unique(db, &model).await?;
        self.validate_checks(db, &model).await?;
        Ok(self.is_valid())
    }

    /// Rows that are chosen must be there, and those that were not chosen before among the ones that are offered.
    async fn validate_relations(&mut self, db: &Db, model: &ModelPart) -> Result<()> {
        let mut wrong = Vec::new();
        for field in self.fields.iter().filter(|field| field.field.open && field.has_changed()) {
            let Some(target) = target(model.entry.schema, &field.field.name) else { continue };
            let keys = match field.value() {
                Some(Value::Array(_, keys)) => keys.clone(),
                Some(key) if !key.is_null() => vec![key.clone()],
                _ => continue,
            };
            if keys.is_empty() {
                continue;
            }
            let name = &field.field.name;
            if !all_there(db, target, keys.clone()).await? {
                let text = format!("This {} does not exist, or not any more.", target.verbose_name);
                wrong.push((name.clone(), FormError::new(ErrorCode::Missing, text)));
            } else if !offers(db, model.entry, name, chosen_anew(field, keys)).await? {
                let text = format!("Choose among the {} that are offered.", target.verbose_name_plural);
                wrong.push((name.clone(), FormError::new(ErrorCode::Choice, text)));
            }
        }
        for (name, error) in wrong {
            self.push_error(&name, error);
        }
        Ok(())
    }

    /// No other row may have the same value, or the same values together.
    async fn validate_unique(&mut self, db: &Db, model: &ModelPart) -> Result<()> {
        let schema = model.entry.schema;
        let alone = unique_alone(schema).map(Group::alone);
        let key = schema.is_composite().then(|| Group::key(schema));
        let unique = schema.uniques.iter().map(|one| Group::of(schema, one));
        for group in alone.chain(unique).chain(key) {
            let Some(values) = self.values_to_compare(model, &group) else { continue };
            if self.counts(db, model, &group).await? && taken(db, model, &group, values).await? {
                self.push_taken(schema, &group);
            }
        }
        Ok(())
    }

    /// What the checks of the table say, as the database would; one about a value that nobody knows yet waits for it.
    async fn validate_checks(&mut self, db: &Db, model: &ModelPart) -> Result<()> {
        let schema = model.entry.schema;
        for check in schema.checks {
            if model.row.is_some() && !check.fields.iter().any(|index| self.is_touched(model, *index)) {
                continue;
            }
            if self.is_broken(db, model, check).await? {
                let name = match *check.fields {
                    [index] => schema.fields[index].name,
                    _ => "",
                };
                self.push_error(name, FormError::new(ErrorCode::Refused, check_text(check)));
            }
        }
        Ok(())
    }

    /// Whether the values of a check's fields are known and break it.
    async fn is_broken(&self, db: &Db, model: &ModelPart, check: &CheckSchema) -> Result<bool> {
        let Some(values) = self.values_at(model, check.fields.iter().copied()) else { return Ok(false) };
        let statement = sql::breaks(db, model.entry.schema, check.sql, values.into_iter())?;
        Ok(db.fetch_optional(statement).await?.is_some())
    }

    /// Whether the row counts for a unique constraint over some of the rows.
    async fn counts(&self, db: &Db, model: &ModelPart, group: &Group) -> Result<bool> {
        let Some(sql) = group.condition else { return Ok(true) };
        let schema = model.entry.schema;
        let is_named = |index: &usize| sql.contains(&format!("\"{}\"", schema.fields[*index].column));
        let Some(values) = self.values_at(model, (0..schema.fields.len()).filter(is_named)) else {
            return Ok(false);
        };
        // What is unknown does not count, and what counts is found as what breaks the opposite.
        let opposite = format!("NOT COALESCE(({sql}), 1 = 0)");
        let statement = sql::breaks(db, schema, &opposite, values.into_iter())?;
        Ok(db.fetch_optional(statement).await?.is_some())
    }

    /// The values of columns, if all of them are known.
    fn values_at(
        &self,
        model: &ModelPart,
        columns: impl Iterator<Item = usize>,
    ) -> Option<Vec<(usize, Value)>> {
        columns.map(|index| Some((index, self.value_or_null(model, index)?))).collect()
    }

    /// Whether the row gets another value at this column. A row that keeps its values breaks nothing new.
    fn is_touched(&self, model: &ModelPart, index: usize) -> bool {
        model.fixed.iter().any(|(fixed, _)| *fixed == index)
            || self.bound_field(model.entry.schema.fields[index].name).is_some_and(BoundField::has_changed)
    }

    /// The value that a column will have; `None` if nobody knows it yet.
    fn value_of(&self, model: &ModelPart, index: usize) -> Option<Value> {
        if let Some(field) = self.bound_field(model.entry.schema.fields[index].name) {
            // The name of a new file is not known before it is stored.
            return field.value().filter(|_| field.file.is_none()).cloned();
        }
        let fixed = model.fixed.iter().find(|(fixed, _)| *fixed == index).map(|(_, value)| value.clone());
        let old = || model.row.as_ref().and_then(|row| row.get(index).cloned());
        fixed.or_else(old).or_else(|| (model.entry.default)(index))
    }

    /// The same, with NULL for a nullable column that a new row says nothing of.
    fn value_or_null(&self, model: &ModelPart, index: usize) -> Option<Value> {
        let field = &model.entry.schema.fields[index];
        let unsaid = model.row.is_none() && field.nullable && self.bound_field(field.name).is_none();
        self.value_of(model, index).or_else(|| unsaid.then(|| Value::Null((field.kind)())))
    }

    /// The values of the columns that must be unique; `None` if there is nothing to ask about.
    fn values_to_compare(&self, model: &ModelPart, group: &Group) -> Option<Vec<(usize, Value)>> {
        let touched = group.fields.iter().any(|index| self.is_touched(model, *index));
        if model.row.is_some() && !touched && group.condition.is_none() {
            return None;
        }
        let value = |index: &usize| Some((*index, self.value_of(model, *index)?));
        let values: Option<Vec<_>> = group.fields.iter().map(value).collect();
        // NULL is never the same as anything, unless the constraint says so.
        values.filter(|values| group.nulls_equal || !values.iter().any(|(_, value)| value.is_null()))
    }

    /// Says that another row has the same values.
    pub(super) fn push_taken(&mut self, schema: &'static ModelSchema, unique: &Group) {
        let group = &unique.fields;
        let names: Vec<&str> = group.iter().map(|index| schema.fields[*index].name).collect();
        let labels: Vec<String> =
            group.iter().map(|i| schema.fields[*i].options.label.to_lowercase()).collect();
        let text = match unique.message {
            Some(text) => text.to_owned(),
            None => format!("Another {} has this {} already.", schema.verbose_name, labels.join(" and ")),
        };
        let error = FormError::new(ErrorCode::Unique, text);
        let shown: Vec<&&str> = names.iter().filter(|name| self.bound_field(name).is_some()).collect();
        // One field to blame: there. Several: it is said of the form as a whole.
        let name = match shown.as_slice() {
            [only] => **only,
            _ => "",
        };
        self.push_error(name, error);
    }
}

/// What a person is told who breaks a check.
pub(super) fn check_text(check: &CheckSchema) -> String {
    let named = || format!("This breaks the rule “{}”.", check.name.replace('_', " "));
    check.message.map_or_else(named, str::to_owned)
}

/// Columns, alone or together, that no two rows share.
pub(super) struct Group {
    /// The fields, and behind them those that only something computed is about.
    pub(super) fields: Vec<usize>,
    /// How many of them have to differ by themselves.
    plain: usize,
    computed: &'static [&'static str],
    condition: Option<&'static str>,
    nulls_equal: bool,
    message: Option<&'static str>,
}

impl Group {
    fn key(schema: &'static ModelSchema) -> Self {
        let (fields, plain) = (schema.key_parts.to_vec(), schema.key_parts.len());
        Self { fields, plain, computed: &[], condition: None, nulls_equal: false, message: None }
    }

    pub(super) fn alone(index: usize) -> Self {
        let fields = vec![index];
        Self { fields, plain: 1, computed: &[], condition: None, nulls_equal: false, message: None }
    }

    pub(super) fn of(schema: &ModelSchema, unique: &'static UniqueSchema) -> Self {
        let UniqueSchema { fields: own, computed, condition, nulls_distinct, message, .. } = *unique;
        let mut fields = own.to_vec();
        let named: Vec<String> = computed.iter().flat_map(|sql| named_columns(sql)).collect();
        let beside = (0..schema.fields.len())
            .filter(|at| !own.contains(at) && named.iter().any(|name| name == schema.fields[*at].column));
        fields.extend(beside);
        Self { fields, plain: own.len(), computed, condition, nulls_equal: !nulls_distinct, message }
    }
}

/// The columns of which no two rows share a value.
fn unique_alone(schema: &'static ModelSchema) -> impl Iterator<Item = usize> {
    let alone = schema.fields.iter().enumerate().filter(|(_, field)| {
        let own_key = field.options.primary_key && !field.options.auto && !schema.is_composite();
        field.options.unique || own_key || field.foreign.is_some_and(|foreign| foreign.one_to_one)
    });
    alone.map(|(index, _)| index)
}

async fn taken(db: &Db, model: &ModelPart, group: &Group, values: Vec<(usize, Value)>) -> Result<bool> {
    let rows = sql::UniqueRows { condition: group.condition, computed: group.computed };
    let mut values = values;
    let beside = values.split_off(group.plain);
    let statement = sql::taken(db, model.entry.schema, rows, values, beside, model.key().as_ref())?;
    Ok(db.fetch_optional(statement).await?.is_some())
}

/// The keys that the field did not show at first.
fn chosen_anew(field: &BoundField, mut keys: Vec<Value>) -> Vec<Value> {
    match &field.initial {
        Some(Value::Array(_, before)) => keys.retain(|key| !before.contains(key)),
        Some(before) => keys.retain(|key| key != before),
        None => {}
    }
    keys
}

async fn all_there(db: &Db, target: &'static ModelSchema, keys: Vec<Value>) -> Result<bool> {
    let wanted: std::collections::HashSet<KeyValue> = keys.iter().cloned().map(KeyValue::from).collect();
    let found = fetch(db, &by_keys(target, keys).only_key()).await?;
    Ok(found.len() >= wanted.len())
}
