//! Making users, and the permissions of models.

use super::hash::{PasswordHasher, unusable};
use super::models::{NewPermission, Permission};
use super::user::{AnyUser, UserEntry};
use crate::model::{entry_of, models};
use crate::query::{ModelOperations, New, insert_row};
use crate::value::{ColumnKind, Value};
use crate::{Context, Db, Error, ErrorKind, Result};
use nuages_schema::{FieldSchema, ModelSchema};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A user to be made, of whatever model the project has.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    /// What the user logs in with.
    pub name: String,
    /// The e-mail address, if the model has a field for one.
    pub email: String,
    /// The password; without one the user cannot log in with a password.
    pub password: Option<String>,
    /// May enter the admin.
    pub is_staff: bool,
    /// Has every right.
    pub is_superuser: bool,
}

impl NewAccount {
    /// Makes the user. Fields that are not named here get their defaults.
    ///
    /// # Errors
    /// [`Unique`](ErrorKind::Unique) if the name is taken; if the model has a required field
    /// that only the project can fill.
    pub async fn create(&self, db: &Db, hasher: &PasswordHasher) -> Result<Arc<dyn AnyUser>> {
        let entry = UserEntry::current();
        if self.name.trim().is_empty() {
            return Err(Error::new(
                ErrorKind::Validation,
                format!("the {} must not be empty", entry.name_field()),
            ));
        }
        let stored = match &self.password {
            Some(password) => hasher.hash(password).await?,
            None => unusable()?,
        };
        let row = insert_row(db, entry.model(), self.values(entry, stored)?).await;
        let row = row.map_err(|error| match error.kind() {
            ErrorKind::Unique => error.context(format!("there is a user `{}` already", self.name)),
            _ => error,
        })?;
        entry.read(&row, 0)
    }

    /// Fields with values; what has a default, and what the database fills by itself, is left out.
    fn values(&self, entry: UserEntry, stored: String) -> Result<Vec<(usize, Value)>> {
        let schema = entry.schema();
        let mut values = Vec::new();
        for (index, field) in schema.fields.iter().enumerate() {
            let value = if field.name == entry.name_field() {
                Some(self.name.as_str().into())
            } else if Some(field.name) == entry.email_field() {
                Some(self.email(field))
            } else if field.name == entry.password_field() {
                Some(stored.as_str().into())
            } else {
                self.other(schema, index, field)?
            };
            values.extend(value.map(|value| (index, value)));
        }
        Ok(values)
    }

    /// No address is NULL where it may be, so that two accounts without one do not meet in a unique column.
    fn email(&self, field: &FieldSchema) -> Value {
        if self.email.is_empty() && field.nullable {
            return Value::Null((field.kind)());
        }
        self.email.as_str().into()
    }

    fn other(
        &self,
        schema: &'static ModelSchema,
        index: usize,
        field: &FieldSchema,
    ) -> Result<Option<Value>> {
        let options = &field.options;
        let filled = options.auto || options.auto_now || options.auto_now_add;
        let known = || entry_of(schema).is_some_and(|entry| (entry.default)(index).is_some());
        match field.name {
            "is_staff" => Ok(Some(self.is_staff.into())),
            "is_superuser" => Ok(Some(self.is_superuser.into())),
            _ if filled || options.version || options.generated || field.nullable || known() => Ok(None),
            _ if options.blank && (field.kind)() == ColumnKind::Text => Ok(Some("".into())),
            _ => Err(unfilled(schema, field)),
        }
    }
}

fn unfilled(schema: &ModelSchema, field: &FieldSchema) -> Error {
    let (model, field) = (schema.name, field.name);
    let text = format!(
        "the user model `{model}` requires `{field}`, which nothing is known for here; give it a default, \
        or make the user with `New{model}` in a command of your own"
    );
    Error::new(ErrorKind::Validation, text)
}

/// Makes the permissions that linked models should have and that are not there yet, and says how
/// many. To be run after every `migrate`; a second run finds nothing to do.
///
/// # Errors
/// When the database fails.
pub async fn create_permissions(db: &Db) -> Result<usize> {
    let known = known_permissions(db).await.context("the permissions could not be read")?;
    // An adopted table is worked on like any other; the join tables of this app are nobody's work.
    let shown =
        models().iter().map(|entry| entry.schema).filter(|schema| schema.managed || schema.app != "auth");
    let wanted = shown.flat_map(|schema| {
        let usual = schema.default_permissions.iter().map(|action| usual(schema, action));
        usual.chain(schema.permissions.iter().map(|(code, name)| named(schema, code, name)))
    });
    let missing: Vec<_> = wanted.filter(|permission| !known.contains(&identity(permission))).collect();
    let count = missing.len();
    Permission::objects().bulk_create(db, missing.into_iter().map(New::draft)).await?;
    Ok(count)
}

async fn known_permissions(db: &Db) -> Result<BTreeSet<[String; 3]>> {
    let rows = db.fetch("SELECT app_label, model, codename FROM auth_permission".into()).await?;
    let text = |row: &crate::backend::Row, at| row.text(at).map(Option::unwrap_or_default);
    rows.iter().map(|row| Ok([text(row, 0)?, text(row, 1)?, text(row, 2)?])).collect()
}

/// `add_book`, `Can add book`, as Django writes them.
fn usual(schema: &'static ModelSchema, action: &str) -> NewPermission {
    named(schema, &format!("{action}_{}", schema.slug()), &format!("Can {action} {}", schema.verbose_name))
}

/// One that the model declares itself.
fn named(schema: &'static ModelSchema, codename: &str, name: &str) -> NewPermission {
    NewPermission {
        name: name.chars().take(255).collect(),
        app_label: schema.app.to_owned(),
        model: schema.slug(),
        codename: codename.to_owned(),
    }
}

fn identity(permission: &NewPermission) -> [String; 3] {
    [permission.app_label.clone(), permission.model.clone(), permission.codename.clone()]
}
