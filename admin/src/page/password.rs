//! Changing a password.

use askama::Template;
use nuages::form::FormState;

use super::shell::Shell;

/// The page on which people change their own password, or somebody else's.
#[derive(Template, Clone, Debug)]
#[template(path = "password.html")]
pub struct PasswordPage {
    /// The frame.
    pub shell: Shell,
    /// The fields, and what is wrong with them.
    pub form: FormState,
    /// Back.
    pub cancel: String,
}
