//! An action that asks before it runs.

use askama::Template;

use super::shell::Shell;

/// The page that asks.
#[derive(Template, Clone, Debug)]
#[template(path = "confirm.html")]
pub struct ConfirmPage {
    /// The frame.
    pub shell: Shell,
    /// What the project asks; empty if it is asked only because something changed.
    pub question: String,
    /// What is different from what was looked at; empty if nothing is.
    pub changed: String,
    /// Values the form carries, such as the selected keys.
    pub carry: Vec<(String, String)>,
    /// The first rows that it is about.
    pub objects: Vec<String>,
    /// How many more there are.
    pub more: u64,
    /// The button, such as "Publish (3 books)".
    pub button: String,
    /// Back.
    pub cancel: String,
}

impl ConfirmPage {
    /// Whether there are more than are named.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.more > 0
    }
}
