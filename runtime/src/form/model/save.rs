//! Writing a form into the database, and reading its refusal.

use super::ModelPart;
use super::check::{Group, check_text};
use crate::backend::{Db, Row};
use crate::error::{Error, ErrorKind, Result};
use crate::form::message::{ErrorCode, FormError};
use crate::form::state::FormState;
use crate::model::key_value;
use crate::query::{ManyRelation, insert_row, update_row, upload_columns};
use crate::sql;
use crate::value::Value;

impl FormState {
    /// Checks the form and writes it: a new row, or the changed columns of the row it changes, and then its
    /// many-to-many relations, in one transaction. Gives the row as the database holds it, or `None` if the
    /// form is not valid; what is wrong stands in the form, also if only the database knew.
    ///
    /// # Errors
    /// `DoesNotExist` if the row was deleted meanwhile, and whatever else the database cannot do.
    pub async fn save(&mut self, db: &Db) -> Result<Option<Row>> {
        let Some(model) = self.model.clone() else {
            return Err(Error::other("this form belongs to no model, so it cannot be saved; use its data"));
        };
        if !self.full_clean(db).await? {
            return Ok(None);
        }
        let (mut columns, relations) = (self.columns(), self.changed_relations(&model));
        let uploads = self.uploads();
        let written = db
            .atomic(async |db| {
                for (index, file) in uploads {
                    let stored =
                        upload_columns(&db, model.entry.schema, index, &file.name, file.content).await?;
                    columns.retain(|(known, _)| !stored.iter().any(|(index, _)| known == index));
                    columns.extend(stored);
                }
                write(&db, &model, columns, relations).await
            })
            .await;
        match written {
            Ok(row) => Ok(Some(row)),
            Err(error) => self.refused(&model, error).map(|()| None),
        }
    }

    /// The relations that differ from what is there. Of a new row every one that is not empty.
    fn changed_relations(&self, model: &ModelPart) -> Vec<(usize, Vec<Value>)> {
        let name = |index: usize| model.entry.schema.many_to_many[index].name;
        let changed = |name: &str| self.bound_field(name).is_some_and(|field| field.has_changed());
        self.relations().into_iter().filter(|(index, _)| changed(name(*index))).collect()
    }

    /// Puts a violated constraint where it belongs in the form; any other error is given back.
    ///
    /// # Errors
    /// The error, if it is no violated constraint.
    pub fn add_violation(&mut self, error: Error) -> Result<()> {
        match self.model.clone() {
            Some(model) => self.refused(&model, error),
            None => Err(error),
        }
    }

    fn refused(&mut self, model: &ModelPart, error: Error) -> Result<()> {
        let schema = model.entry.schema;
        let error = sql::name_field(error, schema);
        let field = error.field().map(str::to_owned);
        if error.kind() == ErrorKind::Unique {
            let alone = || field.as_deref().and_then(|name| schema.position(name)).map(Group::alone);
            let group = violated_group(model, &error).or_else(alone);
            if let Some(group) = group {
                self.push_taken(schema, &group);
                return Ok(());
            }
        }
        let (code, text) = match error.kind() {
            ErrorKind::Unique => {
                (ErrorCode::Unique, format!("Another {} has the same already.", schema.verbose_name))
            }
            ErrorKind::ForeignKey => {
                (ErrorCode::Missing, "What this refers to does not exist any more.".to_owned())
            }
            ErrorKind::NotNull => (ErrorCode::Required, "Fill in this field.".to_owned()),
            ErrorKind::Check => (ErrorCode::Refused, violated_check(schema, &error)),
            _ => return Err(error),
        };
        self.push_error(field.as_deref().unwrap_or_default(), FormError::new(code, text));
        Ok(())
    }
}

async fn write(
    db: &Db,
    model: &ModelPart,
    columns: Vec<(usize, Value)>,
    relations: Vec<(usize, Vec<Value>)>,
) -> Result<Row> {
    let schema = model.entry.schema;
    let written = match model.key() {
        None => Some(insert_row(db, model.entry, columns).await?),
        Some(_) if columns.is_empty() => None,
        Some(key) => update_row(db, model.entry, key, columns).await?,
    };
    let row = match (written, model.key()) {
        (Some(row), _) => row,
        (None, Some(key)) => read(db, model, key).await?,
        (None, None) => return Err(Error::other("the database gave no row back")),
    };
    let owner = key_value(&row, 0, schema)?;
    for (index, keys) in relations {
        let relation = ManyRelation { model: schema, index, reverse: false, owner: owner.clone() };
        relation.set(db, keys).await.map_err(|error| error.with_field(schema.many_to_many[index].name))?;
    }
    Ok(row)
}

async fn read(db: &Db, model: &ModelPart, key: Value) -> Result<Row> {
    let schema = model.entry.schema;
    let row = db.fetch_optional(sql::by_key(db, schema, key)?).await?;
    let gone = || Error::new(ErrorKind::DoesNotExist, format!("the {} was deleted", schema.verbose_name));
    row.ok_or_else(gone)
}

/// The columns of a unique constraint over several, by its columns or its name.
fn violated_group(model: &ModelPart, error: &Error) -> Option<Group> {
    let schema = model.entry.schema;
    let violation = error.constraint()?;
    let columns = |unique: &&nuages_schema::UniqueSchema| -> Vec<&str> {
        unique.fields.iter().map(|index| schema.fields[*index].column).collect()
    };
    let by_columns = |unique: &&nuages_schema::UniqueSchema| {
        !violation.columns.is_empty()
            && unique.computed.is_empty()
            && columns(unique).iter().all(|c| violation.columns.iter().any(|v| v == c))
    };
    let by_name = |unique: &&nuages_schema::UniqueSchema| {
        let default = nuages_schema::constraint_name(schema.table.as_str(), &columns(unique), "uniq");
        violation.constraint.as_deref().is_some_and(|name| unique.name == Some(name) || name == default)
    };
    let found = schema.uniques.iter().find(|unique| by_columns(unique) || by_name(unique));
    found.map(|unique| Group::of(schema, unique))
}

/// What a person is told who broke a check, also one that is not the model's own.
fn violated_check(schema: &'static nuages_schema::ModelSchema, error: &Error) -> String {
    let Some(name) = error.constraint().and_then(|violation| violation.constraint.as_deref()) else {
        return "The database does not take this value.".to_owned();
    };
    match schema.checks.iter().find(|check| check.name == name) {
        Some(check) => check_text(check),
        None => format!("This breaks the rule “{}”.", name.replace('_', " ")),
    }
}
