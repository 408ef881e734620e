//! Checks that ask the database: whether relations lead anywhere, and whether another row has the same.

use nuages_schema::ModelSchema;

use super::options::{by_keys, target};
use super::{ModelPart, fetch};
use crate::backend::Db;
use crate::error::Result;
use crate::expr::{Comparison, Condition, Expr};
use crate::form::message::{ErrorCode, FormError};
use crate::form::state::FormState;
use crate::query::{KeyValue, Select};
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
        Ok(self.is_valid())
    }

    /// Rows that are chosen must be there.
    async fn validate_relations(&mut self, db: &Db, model: &ModelPart) -> Result<()> {
        let mut missing = Vec::new();
        for field in self.fields.iter().filter(|field| field.field.open && field.has_changed()) {
            let Some(target) = target(model.entry.schema, &field.field.name) else { continue };
            let keys = match field.value() {
                Some(Value::Array(_, keys)) => keys.clone(),
                Some(key) if !key.is_null() => vec![key.clone()],
                _ => continue,
            };
            if !keys.is_empty() && !all_there(db, target, keys).await? {
                let text = format!("This {} does not exist, or not any more.", target.verbose_name);
                missing.push((field.field.name.clone(), FormError::new(ErrorCode::Missing, text)));
            }
        }
        for (name, error) in missing {
            self.push_error(&name, error);
        }
        Ok(())
    }

    /// No other row may have the same value, or the same values together.
    async fn validate_unique(&mut self, db: &Db, model: &ModelPart) -> Result<()> {
        for group in unique_groups(model.entry.schema) {
            let Some(values) = self.values_to_compare(model, &group) else { continue };
            if taken(db, model, &group, values).await? {
                self.push_taken(model.entry.schema, &group);
            }
        }
        Ok(())
    }

    /// The values of a group of columns that must be unique; `None` if there is nothing to ask about.
    fn values_to_compare(&self, model: &ModelPart, group: &[usize]) -> Option<Vec<Value>> {
        let schema = model.entry.schema;
        let field = |index: &usize| self.bound_field(schema.fields[*index].name);
        let is_fixed = |index: &usize| model.fixed.iter().any(|(fixed, _)| fixed == index);
        // A row that keeps its values collides with nothing new.
        let touched =
            |index: &usize| is_fixed(index) || field(index).is_some_and(|field| field.has_changed());
        if model.row.is_some() && !group.iter().any(touched) {
            return None;
        }
        let value = |index: &usize| -> Option<Value> {
            if let Some(field) = field(index) {
                return field.value().cloned();
            }
            let fixed = model.fixed.iter().find(|(fixed, _)| fixed == index).map(|(_, value)| value.clone());
            let old = || model.row.as_ref().and_then(|row| row.get(*index).cloned());
            fixed.or_else(old).or_else(|| (model.entry.default)(*index))
        };
        // NULL is never the same as anything.
        let values: Option<Vec<Value>> = group.iter().map(value).collect();
        values.filter(|values| !values.iter().any(Value::is_null))
    }

    /// Says that another row has the same values.
    pub(super) fn push_taken(&mut self, schema: &'static ModelSchema, group: &[usize]) {
        let names: Vec<&str> = group.iter().map(|index| schema.fields[*index].name).collect();
        let labels: Vec<String> =
            group.iter().map(|i| schema.fields[*i].options.label.to_lowercase()).collect();
        let text = format!("Another {} has this {} already.", schema.verbose_name, labels.join(" and "));
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

/// The columns, alone or together, that no two rows share.
fn unique_groups(schema: &'static ModelSchema) -> Vec<Vec<usize>> {
    let alone = schema.fields.iter().enumerate().filter(|(_, field)| {
        let own_key = field.options.primary_key && !field.options.auto;
        field.options.unique || own_key || field.foreign.is_some_and(|foreign| foreign.one_to_one)
    });
    let together = schema.uniques.iter().map(|unique| unique.fields.to_vec());
    alone.map(|(index, _)| vec![index]).chain(together).collect()
}

async fn taken(db: &Db, model: &ModelPart, group: &[usize], values: Vec<Value>) -> Result<bool> {
    let mut select = Select::of(model.entry.schema);
    select.order = Some(Vec::new());
    let compare = |index: usize, how: Comparison, value: Value| {
        Condition::Compare(Expr::Column(model.column(index)), how, Expr::Value(value))
    };
    for (index, value) in group.iter().zip(values) {
        select.filters.push(compare(*index, Comparison::Equal, value));
    }
    if let Some(key) = model.key() {
        select.filters.push(compare(model.entry.schema.key, Comparison::NotEqual, key.clone()));
    }
    Ok(db.fetch_optional(crate::sql::exists(db, &select)?).await?.is_some())
}

async fn all_there(db: &Db, target: &'static ModelSchema, keys: Vec<Value>) -> Result<bool> {
    let wanted: std::collections::HashSet<KeyValue> = keys.iter().cloned().map(KeyValue::from).collect();
    let found = fetch(db, &by_keys(target, keys).only_key()).await?;
    Ok(found.len() >= wanted.len())
}
