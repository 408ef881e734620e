//! The door: name and password.

use askama::Template;
use nuages::form::FormState;

use super::shell::Shell;

/// The login page.
#[derive(Template, Clone, Debug)]
#[template(path = "login.html")]
pub struct LoginPage {
    /// The frame; without navigation here.
    pub shell: Shell,
    /// Name and password.
    pub form: FormState,
    /// What went wrong; never which of the two was wrong.
    pub error: Option<String>,
    /// Where to go afterwards.
    pub next: String,
    /// How to make a first user, when there is none.
    pub first_run: Option<String>,
}
