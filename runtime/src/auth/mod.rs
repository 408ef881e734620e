//! Who is asking, and what they may do: users, passwords, permissions, login and logout.
//!
//! - [`User`], [`Group`], [`Permission`] are models with Django's tables; [`AuthUser`] makes a model of your own the user.
//! - [`Login`], [`MaybeLogin`] and [`Permit`] are arguments of views; [`RequestUser`] is the user of whatever model.
//! - [`log_in`] and [`logout`] are what login pages call; [`accounts`] has such pages ready.
//! - [`authenticate`], [`login`], [`update_session_auth_hash`] are the parts they are made of.

mod authenticate;
mod commands;
mod create;
mod current_user;
mod extract;
pub mod hash;
mod hook;
mod login;
pub mod models;
mod permissions;
mod plugin;
mod request;
mod request_user;
mod settings;
mod throttle;
mod user;
pub mod validators;
pub(crate) mod view_guard;
mod views;

pub use authenticate::{authenticate, authenticate_with, find_user, find_user_by_key};
pub use create::{NewAccount, create_permissions};
pub use current_user::{CurrentUser, CurrentUserFields, UserKey};
pub use extract::{
    Add, Change, Delete, Denied, Guard, Login, MaybeLogin, Permit, View, require_login, require_permission,
};
pub use login::{
    LoginOutcome, change_password, get_user, log_in, login, login_any, logout, password_problems,
    set_password, update_session_auth_hash,
};
pub use models::{Group, Permission, User};
pub use permissions::{Permissions, permission_name};
pub use plugin::app;
pub use request_user::RequestUser;
pub use settings::AuthSettings;
pub use throttle::{Attempt, ThrottleSettings};
pub use user::{AnyUser, AuthUser, UserEntry, downcast};
pub use views::{Accounts, accounts};
