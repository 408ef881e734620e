//! The first page: what there is and what happened last.

use askama::Template;

use super::{Link, shell::Shell};

/// The first page.
#[derive(Template, Clone, Debug)]
#[template(path = "home.html")]
pub struct HomePage {
    /// The frame.
    pub shell: Shell,
    /// The apps with their models.
    pub apps: Vec<AppGroup>,
    /// What the user did last.
    pub recent: Vec<Recent>,
    /// What others did last, for those who may know.
    pub others: Vec<Recent>,
}

/// An app with its models.
#[derive(Clone, Debug, Default)]
pub struct AppGroup {
    /// Its label.
    pub label: String,
    /// Its models.
    pub models: Vec<ModelEntry>,
}

/// A model on the first page.
#[derive(Clone, Debug, Default)]
pub struct ModelEntry {
    /// Its list.
    pub list: Link,
    /// The form for a new one, if that is permitted.
    pub add: Option<String>,
    /// What one is called.
    pub noun: String,
}

/// Something the user did.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    /// The drawing: `plus`, `edit` or `trash`.
    pub icon: &'static str,
    /// What was done, such as "Changed".
    pub verb: String,
    /// To what; without an address when it is gone.
    pub object: Link,
    /// The kind of object.
    pub noun: String,
    /// Who did it; empty where it was the user.
    pub who: String,
    /// When.
    pub when: String,
}
