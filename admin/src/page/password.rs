//! Changing a password.

use askama::Template;

use super::{field::Field, form::Summary, shell::Shell};

/// The page on which people change their own password, or somebody else's.
#[derive(Template, Clone, Debug)]
#[template(path = "password.html")]
pub struct PasswordPage {
    /// The frame.
    pub shell: Shell,
    /// The fields.
    pub fields: Vec<Field>,
    /// What is wrong.
    pub summary: Summary,
    /// What a password must be.
    pub rules: Vec<String>,
    /// Back.
    pub cancel: String,
}
