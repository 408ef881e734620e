//! The models of users and their rights, with Django's tables.
//!
//! One table differs. Django's `auth_permission` points at `django_content_type`;
//! here it holds the app's label and the model's name itself, so that no query has
//! to join for them. Everything else of it is the same: the keys, `codename` and
//! `name`, and the three join tables that point at it. To take a Django database
//! over, two columns are added and filled by one statement, and no row is lost:
//!
//! ```sql
//! UPDATE auth_permission SET
//!     app_label = (SELECT app_label FROM django_content_type c WHERE c.id = content_type_id),
//!     model = (SELECT model FROM django_content_type c WHERE c.id = content_type_id);
//! ALTER TABLE auth_permission DROP COLUMN content_type_id;
//! ```

use super::AuthUser;
use crate::field::ManyToMany;
use crate::value::DateTime;
use nuages_macros::Model;

/// The default user: Django's columns in Django's table.
#[derive(Model, Clone, Debug)]
#[model(app_label = "auth", ordering(username), display = "{username}")]
#[admin(
    list_display(username, email, first_name, last_name, is_staff),
    list_filter(is_staff, is_superuser, is_active),
    search_fields(username, first_name, last_name, email),
    fieldsets(
        ""(username, password),
        "Personal info"(first_name, last_name, email),
        "Permissions"(is_active, is_staff, is_superuser, groups, user_permissions),
        "Important dates"(last_login, date_joined),
    ),
)]
pub struct User {
    /// The primary key.
    pub id: i64,
    /// The stored password; see [`hash`](super::hash).
    #[field(max_length = 128, editable = false, widget = password)]
    pub password: String,
    /// When the user last logged in.
    #[field(editable = false)]
    pub last_login: Option<DateTime>,
    /// Has every right without being given it.
    #[field(
        default = false,
        label = "Superuser status",
        help_text = "Has all permissions without being given them."
    )]
    pub is_superuser: bool,
    /// What the user logs in with.
    #[field(max_length = 150, unique)]
    pub username: String,
    /// The first name.
    #[field(max_length = 150, blank, default = "")]
    pub first_name: String,
    /// The last name.
    #[field(max_length = 150, blank, default = "")]
    pub last_name: String,
    /// The e-mail address.
    #[field(max_length = 254, blank, default = "", label = "E-mail address", widget = email)]
    pub email: String,
    /// May enter the admin.
    #[field(default = false, label = "Staff status", help_text = "May log in to the admin.")]
    pub is_staff: bool,
    /// May log in. Take this away instead of deleting an account.
    #[field(
        default = true,
        label = "Active",
        help_text = "May log in. Take this away instead of deleting the account."
    )]
    pub is_active: bool,
    /// When the account was made.
    #[field(auto_now_add)]
    pub date_joined: DateTime,
    /// The groups whose rights the user has too.
    #[field(related_name = users, db_table = "auth_user_groups", from_column = "user_id", to_column = "group_id")]
    pub groups: ManyToMany<Group>,
    /// The rights of this user alone.
    #[field(related_name = users, db_table = "auth_user_user_permissions", from_column = "user_id", to_column = "permission_id")]
    pub user_permissions: ManyToMany<Permission>,
}

impl AuthUser for User {
    const EMAIL_FIELD: Option<&'static str> = Some("email");
    const LAST_LOGIN_FIELD: Option<&'static str> = Some("last_login");

    fn name(&self) -> &str {
        &self.username
    }

    fn password_hash(&self) -> &str {
        &self.password
    }

    fn display_name(&self) -> String {
        let name = format!("{} {}", self.first_name, self.last_name);
        let name = name.trim();
        if name.is_empty() { self.username.clone() } else { name.to_owned() }
    }

    fn is_active(&self) -> bool {
        self.is_active
    }

    fn is_staff(&self) -> bool {
        self.is_staff
    }

    fn is_superuser(&self) -> bool {
        self.is_superuser
    }

    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![
            ("username", self.username.clone()),
            ("first name", self.first_name.clone()),
            ("last name", self.last_name.clone()),
            ("e-mail address", self.email.clone()),
        ]
    }
}

/// A set of rights with a name, given to many users.
#[derive(Model, Clone, Debug)]
#[model(app_label = "auth", ordering(name), display = "{name}")]
#[admin(list_display(name), search_fields(name))]
pub struct Group {
    /// The primary key.
    pub id: i64,
    /// The name.
    #[field(max_length = 150, unique)]
    pub name: String,
    /// The rights of its members.
    #[field(related_name = groups, db_table = "auth_group_permissions", from_column = "group_id", to_column = "permission_id")]
    pub permissions: ManyToMany<Permission>,
}

/// A right: to add, change, delete or view the rows of one model, or one of your own.
#[derive(Model, Clone, Debug)]
#[model(
    app_label = "auth",
    ordering(app_label, model, codename),
    unique(fields(app_label, model, codename)),
    display = "{app_label} | {model} | {name}"
)]
pub struct Permission {
    /// The primary key.
    pub id: i64,
    /// What people read, such as `Can add book`.
    #[field(max_length = 255)]
    pub name: String,
    /// The label of the app, such as `shop`.
    #[field(max_length = 100)]
    pub app_label: String,
    /// The name of the model in lower case, such as `book`.
    #[field(max_length = 100)]
    pub model: String,
    /// What code asks for after the app's label, such as `add_book`.
    #[field(max_length = 100)]
    pub codename: String,
}

/// One session; see [`Session`](crate::session::Session), which is what views use.
#[derive(Model, Clone, Debug)]
#[model(app_label = "auth", db_table = "nuages_session", display = "session of {user_id}")]
pub struct StoredSession {
    /// SHA-256 of the token that the browser holds.
    #[field(primary_key, max_length = 64)]
    pub token_hash: String,
    /// Who is logged in. Not a foreign key, because the user model is the project's choice;
    /// a session whose user is gone counts as ended.
    ///
    /// The key stands here as text, as in Django's sessions, because its type is the project's choice too.
    #[field(index, max_length = 255)]
    pub user_id: Option<String>,
    /// Proves that the password is still the one that was used.
    #[field(max_length = 64, default = "")]
    pub auth_hash: String,
    /// What the session holds, as JSON.
    pub data: String,
    /// When it began, or the user logged in.
    pub created: DateTime,
    /// When it ends if it is not used again.
    #[field(index)]
    pub expires: DateTime,
    /// Counts the changes.
    pub version: i64,
}

/// How often logging in failed; see [`Attempt`](super::Attempt).
#[derive(Model, Clone, Debug)]
#[model(app_label = "auth", db_table = "nuages_login_throttle", display = "{subject}")]
pub struct LoginThrottle {
    /// A hash of what is counted: an account, an address, or both.
    #[field(primary_key, max_length = 64)]
    pub subject: String,
    /// How many attempts failed.
    pub failures: i64,
    /// Since when.
    #[field(index)]
    pub since: DateTime,
}
