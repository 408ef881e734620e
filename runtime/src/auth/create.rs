//! Making users, and the permissions of models.

use super::authenticate::find_user;
use super::hash::{PasswordHasher, unusable};
use super::user::{AnyUser, UserEntry};
use crate::backend::quote_identifier;
use crate::model::{entry_of, models};
use crate::session::spelled;
use crate::value::{ColumnKind, Value};
use crate::{Context, Db, Error, ErrorKind, Result};
use chrono::Utc;
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
        let values = self.values(entry, stored)?;
        insert(db, entry.schema(), &values).await.map_err(|error| match error.kind() {
            ErrorKind::Unique => error.context(format!("there is a user `{}` already", self.name)),
            _ => error,
        })?;
        let made = find_user(db, entry, &self.name).await?;
        made.ok_or_else(|| Error::new(ErrorKind::DoesNotExist, "the user that was just made is not there"))
    }

    /// Columns with values; what the database fills by itself is left out.
    fn values(&self, entry: UserEntry, stored: String) -> Result<Vec<(&'static str, Value)>> {
        let schema = entry.schema();
        let mut values = Vec::new();
        for (index, field) in schema.fields.iter().enumerate() {
            let value = if field.name == entry.name_field() {
                self.name.as_str().into()
            } else if Some(field.name) == entry.email_field() {
                self.email.as_str().into()
            } else if field.name == entry.password_field() {
                stored.as_str().into()
            } else {
                match self.other(schema, index, field)? {
                    Some(value) => value,
                    None => continue,
                }
            };
            values.push((field.column, value));
        }
        Ok(values)
    }

    fn other(
        &self,
        schema: &'static ModelSchema,
        index: usize,
        field: &FieldSchema,
    ) -> Result<Option<Value>> {
        let options = &field.options;
        let kind = (field.kind)();
        let default = || entry_of(schema).and_then(|entry| (entry.default)(index));
        Ok(match field.name {
            "is_staff" => Some(self.is_staff.into()),
            "is_superuser" => Some(self.is_superuser.into()),
            _ if options.auto => None,
            _ if options.auto_now || options.auto_now_add => Some(now(kind)),
            _ => match default() {
                Some(value) => Some(value),
                None if field.nullable => Some(Value::Null(kind)),
                None if options.blank && kind == ColumnKind::Text => Some("".into()),
                None => return Err(unfilled(schema, field)),
            },
        })
    }
}

fn now(kind: ColumnKind) -> Value {
    let now = Utc::now();
    match kind {
        ColumnKind::Date => now.date_naive().into(),
        ColumnKind::Time => now.time().into(),
        _ => now.into(),
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

async fn insert(db: &Db, schema: &ModelSchema, values: &[(&'static str, Value)]) -> Result<()> {
    let quote = |name: &str| quote_identifier(db.backend(), name);
    let columns: Result<Vec<_>> = values.iter().map(|(column, _)| quote(column)).collect();
    let places = vec!["?"; values.len()].join(", ");
    let sql =
        format!("INSERT INTO {} ({}) VALUES ({places})", quote(schema.table.as_str())?, columns?.join(", "));
    let args = values.iter().map(|(_, value)| value.clone()).collect();
    db.execute(spelled(db.backend(), &sql, args)).await.map(drop)
}

/// The most rows in one statement.
const CHUNK: usize = 100;

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
        let usual = schema.default_permissions.iter().map(|action| NewPermission::of(schema, action));
        usual.chain(schema.permissions.iter().map(|(code, name)| NewPermission::named(schema, code, name)))
    });
    let missing: Vec<_> = wanted.filter(|permission| !known.contains(&permission.identity())).collect();
    for chunk in missing.chunks(CHUNK) {
        let places = vec!["(?, ?, ?, ?)"; chunk.len()].join(", ");
        let sql = format!("INSERT INTO auth_permission (name, app_label, model, codename) VALUES {places}");
        let args = chunk.iter().flat_map(NewPermission::values).collect();
        db.execute(spelled(db.backend(), &sql, args)).await?;
    }
    Ok(missing.len())
}

async fn known_permissions(db: &Db) -> Result<BTreeSet<[String; 3]>> {
    let rows = db.fetch("SELECT app_label, model, codename FROM auth_permission".into()).await?;
    let text = |row: &crate::backend::Row, at| row.text(at).map(Option::unwrap_or_default);
    rows.iter().map(|row| Ok([text(row, 0)?, text(row, 1)?, text(row, 2)?])).collect()
}

/// A permission as it should be.
struct NewPermission {
    name: String,
    app_label: &'static str,
    model: String,
    codename: String,
}

impl NewPermission {
    /// `add_book`, `Can add book`, as Django writes them.
    fn of(schema: &'static ModelSchema, action: &str) -> Self {
        let name: String = format!("Can {action} {}", schema.verbose_name).chars().take(255).collect();
        let model = schema.slug();
        Self { name, app_label: schema.app, codename: format!("{action}_{model}"), model }
    }

    /// One that the model declares itself.
    fn named(schema: &'static ModelSchema, codename: &str, name: &str) -> Self {
        let (name, codename) = (name.chars().take(255).collect(), codename.to_owned());
        Self { name, app_label: schema.app, codename, model: schema.slug() }
    }

    fn identity(&self) -> [String; 3] {
        [self.app_label.to_owned(), self.model.clone(), self.codename.clone()]
    }

    fn values(&self) -> [Value; 4] {
        [self.name.as_str(), self.app_label, &self.model, &self.codename].map(Value::from)
    }
}
