//! What happened to an object, newest first.

use askama::Template;

use super::{Link, shell::Shell};

/// The history of one object.
#[derive(Template, Clone, Debug)]
#[template(path = "history.html")]
pub struct HistoryPage {
    /// The frame.
    pub shell: Shell,
    /// What one is called.
    pub noun: String,
    /// The object, if it still exists.
    pub object: Option<Link>,
    /// What happened.
    pub events: Vec<Event>,
    /// Older events.
    pub older: Option<String>,
}

/// Something that happened.
#[derive(Clone, Debug, Default)]
pub struct Event {
    /// The drawing: `plus`, `edit` or `trash`.
    pub icon: &'static str,
    /// What was done, such as "Changed".
    pub verb: String,
    /// By whom.
    pub who: String,
    /// When, in the user's zone.
    pub when: String,
    /// When, exactly.
    pub exact: String,
    /// From where: form, list, action.
    pub from: String,
    /// Field, before, now.
    pub changes: Vec<Change>,
}

/// A field that changed.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Its label.
    pub label: String,
    /// What it was; nothing when there was no value.
    pub was: Option<String>,
    /// What it became.
    pub now: Option<String>,
}
