//! Choosing a row of another table on a page of its own, for browsers without script.

use askama::Template;

use super::{choice::Choice, shell::Shell};

/// The lookup page. It carries the unfinished form along and returns to it.
#[derive(Template, Clone, Debug)]
#[template(path = "lookup.html")]
pub struct LookupPage {
    /// The frame.
    pub shell: Shell,
    /// The form that asked.
    pub action: String,
    /// Everything that was typed there.
    pub carry: Vec<(String, String)>,
    /// The field that is chosen for.
    pub field: String,
    /// What one row is called.
    pub noun: String,
    /// What was searched for.
    pub query: String,
    /// What was found.
    pub found: Vec<Choice>,
    /// Whether more match.
    pub more: bool,
    /// Whether several may be chosen.
    pub many: bool,
    /// Whether none may be chosen.
    pub optional: bool,
}
