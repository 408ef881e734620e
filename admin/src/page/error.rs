//! A page that says why there is no page.

use askama::Template;

use super::{Link, shell::Shell};

/// An error as a person reads it.
#[derive(Template, Clone, Debug)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The frame.
    pub shell: Shell,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what to do.
    pub text: Vec<String>,
    /// Ways on.
    pub links: Vec<Link>,
}
