//! What a user model is, and which one the project has.

use crate::backend::Row;
use crate::model::{Model, ModelEntry};
use crate::session::UserTable;
use crate::value::Value;
use crate::{Error, ErrorKind, Result};
use nuages_schema::ModelSchema;
use std::any::Any;
use std::sync::{Arc, LazyLock};

/// A model whose rows can log in.
///
/// [`User`](super::User) is the default. To have your own, say `#[model(user)]` and
/// implement this trait; the methods with a default need a word only where it differs.
///
/// ```standalone_crate
/// use nuages::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// #[model(user, display = "{email}")]
/// pub struct Member {
///     pub id: i64,
///     #[field(max_length = 254, unique)]
///     pub email: String,
///     #[field(max_length = 128)]
///     pub password: String,
///     #[field(default = false)]
///     pub is_admin: bool,
/// }
///
/// impl AuthUser for Member {
///     const NAME_FIELD: &'static str = "email";         // log in by e-mail address
///     fn name(&self) -> &str { &self.email }
///     fn password_hash(&self) -> &str { &self.password }
///     fn is_staff(&self) -> bool { self.is_admin }
///     fn is_superuser(&self) -> bool { self.is_admin }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a user model",
    label = "cannot log in",
    note = "write `impl AuthUser for {Self} {{ … }}` beside `#[model(user)]`"
)]
pub trait AuthUser: Model + Clone {
    /// The field by which users are looked up when they log in. It must be unique.
    const NAME_FIELD: &'static str = "username";
    /// The field of the stored password.
    const PASSWORD_FIELD: &'static str = "password";
    /// The field with the e-mail address, if there is one.
    const EMAIL_FIELD: Option<&'static str> = None;
    /// The field that takes the time of the last login, if there is one.
    const LAST_LOGIN_FIELD: Option<&'static str> = None;

    /// What the user logs in with.
    fn name(&self) -> &str;

    /// The stored password.
    fn password_hash(&self) -> &str;

    /// What pages call the user.
    fn display_name(&self) -> String {
        self.name().to_owned()
    }

    /// Whether the user may log in at all. One who may not has no rights either.
    fn is_active(&self) -> bool {
        true
    }

    /// Whether the user may enter the admin.
    fn is_staff(&self) -> bool {
        false
    }

    /// Whether the user has every right without being given it.
    fn is_superuser(&self) -> bool {
        false
    }

    /// What a password must not be like, as label and value.
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![(Self::NAME_FIELD, self.name().to_owned())]
    }
}

/// A user of whatever model the project has. [`AuthUser`] brings it along.
pub trait AnyUser: Any + Send + Sync {
    /// The primary key.
    fn key_value(&self) -> Value;
    /// The entry of the model.
    fn entry(&self) -> UserEntry;
    /// The value of the column at a position of the schema.
    fn column_value(&self, index: usize) -> Value;
    /// As [`AuthUser::name`].
    fn login_name(&self) -> &str;
    /// As [`AuthUser::password_hash`].
    fn stored_password(&self) -> &str;
    /// As [`AuthUser::display_name`].
    fn shown_name(&self) -> String;
    /// As [`AuthUser::is_active`].
    fn active(&self) -> bool;
    /// As [`AuthUser::is_staff`].
    fn staff(&self) -> bool;
    /// As [`AuthUser::is_superuser`].
    fn superuser(&self) -> bool;
    /// As [`AuthUser::attributes`].
    fn personal(&self) -> Vec<(&'static str, String)>;
}

impl<U: AuthUser> AnyUser for U {
    fn key_value(&self) -> Value {
        crate::field::Field::to_value(&self.key())
    }

    fn entry(&self) -> UserEntry {
        UserEntry::of::<U>()
    }

    fn column_value(&self, index: usize) -> Value {
        self.value(index)
    }

    fn login_name(&self) -> &str {
        self.name()
    }

    fn stored_password(&self) -> &str {
        self.password_hash()
    }

    fn shown_name(&self) -> String {
        self.display_name()
    }

    fn active(&self) -> bool {
        self.is_active()
    }

    fn staff(&self) -> bool {
        self.is_active() && self.is_staff()
    }

    fn superuser(&self) -> bool {
        self.is_active() && self.is_superuser()
    }

    fn personal(&self) -> Vec<(&'static str, String)> {
        self.attributes()
    }
}

/// A user model without its type. `#[model(user)]` registers one.
#[derive(Clone, Copy)]
pub struct UserEntry {
    model: fn() -> &'static ModelEntry,
    read: fn(&Row, usize) -> Result<Arc<dyn AnyUser>>,
    name_field: &'static str,
    password_field: &'static str,
    email_field: Option<&'static str>,
    last_login_field: Option<&'static str>,
}

inventory::collect!(UserEntry);

impl UserEntry {
    /// The entry of a model.
    #[must_use]
    pub const fn of<U: AuthUser>() -> Self {
        Self {
            model: U::entry,
            read: |row, at| Ok(Arc::new(U::read(row, at)?)),
            name_field: U::NAME_FIELD,
            password_field: U::PASSWORD_FIELD,
            email_field: U::EMAIL_FIELD,
            last_login_field: U::LAST_LOGIN_FIELD,
        }
    }

    /// The project's user model: the one registered, or [`User`](super::User).
    #[must_use]
    pub fn current() -> Self {
        Self::registered().first().copied().unwrap_or(Self::of::<super::User>())
    }

    /// Every model that says `#[model(user)]`. More than one is a mistake that the start-up check names.
    #[must_use]
    pub fn registered() -> &'static [Self] {
        static ALL: LazyLock<Vec<UserEntry>> = LazyLock::new(|| {
            let mut all: Vec<_> = inventory::iter::<UserEntry>().copied().collect();
            all.sort_by_key(|entry| (entry.schema().app, entry.schema().name));
            all
        });
        &ALL
    }

    /// The model's schema.
    #[must_use]
    pub fn schema(&self) -> &'static ModelSchema {
        self.model().schema
    }

    /// The model's entry.
    #[must_use]
    pub fn model(&self) -> &'static ModelEntry {
        (self.model)()
    }

    /// The field by which users are looked up.
    #[must_use]
    pub const fn name_field(&self) -> &'static str {
        self.name_field
    }

    /// The field with the e-mail address, if there is one.
    #[must_use]
    pub const fn email_field(&self) -> Option<&'static str> {
        self.email_field
    }

    /// Reads a user from a row whose columns, in the order of the schema, start at `at`.
    ///
    /// # Errors
    /// If a column holds what its type cannot take.
    pub fn read(&self, row: &Row, at: usize) -> Result<Arc<dyn AnyUser>> {
        (self.read)(row, at)
    }

    /// The table, to read session and user in one statement.
    pub(crate) fn table(&self) -> UserTable {
        let schema = self.schema();
        UserTable {
            table: schema.table.as_str(),
            key: schema.key_field().column,
            kind: (schema.key_field().kind)(),
            columns: schema.fields.iter().map(|field| field.column).collect(),
        }
    }

    /// The name of the field of the stored password.
    #[must_use]
    pub const fn password_field(&self) -> &'static str {
        self.password_field
    }

    /// The fields that the trait names and the model lacks.
    pub(super) fn missing_fields(&self) -> impl Iterator<Item = Error> {
        let named =
            [Some(self.name_field), Some(self.password_field), self.email_field, self.last_login_field];
        let entry = *self;
        named.into_iter().flatten().filter_map(move |field| entry.column(field).err())
    }

    pub(super) fn name_column(&self) -> Result<&'static str> {
        self.column(self.name_field)
    }

    pub(super) fn password_position(&self) -> Result<usize> {
        self.position(self.password_field)
    }

    pub(super) fn last_login_position(&self) -> Result<Option<usize>> {
        self.last_login_field.map(|field| self.position(field)).transpose()
    }

    fn column(&self, field: &str) -> Result<&'static str> {
        self.position(field).map(|index| self.schema().fields[index].column)
    }

    fn position(&self, field: &str) -> Result<usize> {
        let schema = self.schema();
        schema.fields.iter().position(|known| known.name == field).ok_or_else(|| {
            let model = schema.name;
            let text = format!(
                "the user model `{model}` has no field `{field}`; name another in `impl AuthUser for {model}`"
            );
            Error::new(ErrorKind::Other, text)
        })
    }
}

/// The user as the model's own type, if it is one of that model.
#[must_use]
pub fn downcast<U: AuthUser>(user: &Arc<dyn AnyUser>) -> Option<&U> {
    let any: &dyn Any = &**user;
    any.downcast_ref()
}
