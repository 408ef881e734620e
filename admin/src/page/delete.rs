//! What deleting would do, before it is done.

use askama::Template;

use super::{Link, Tone, shell::Shell};

/// The page that asks before objects are deleted.
#[derive(Template, Clone, Debug)]
#[template(path = "delete.html")]
pub struct DeletePage {
    /// The frame.
    pub shell: Shell,
    /// Where the form is posted.
    pub action: String,
    /// Values the form carries, such as the selected keys.
    pub carry: Vec<(String, String)>,
    /// What happens, model by model.
    pub effects: Vec<Effect>,
    /// The first objects of each model.
    pub samples: Vec<Sample>,
    /// Why it cannot be done; empty when it can.
    pub blocked: Vec<String>,
    /// The count to type, where much is destroyed.
    pub confirm: Option<String>,
    /// Whether the count is that of what was looked at, and there is more.
    pub at_least: bool,
    /// Why it was not done when it was confirmed.
    pub wrong: Wrong,
    /// The button, such as "Delete author and 36 books".
    pub button: String,
    /// Back.
    pub cancel: String,
}

/// Why a confirmed deletion was not done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wrong {
    /// It was not confirmed yet.
    #[default]
    Nothing,
    /// Another count was typed.
    Count,
    /// It would do something else than what was looked at.
    Changed,
}

/// What happens to the rows of one model.
#[derive(Clone, Debug, Default)]
pub struct Effect {
    /// What they are called.
    pub nouns: String,
    /// How many, honestly.
    pub count: String,
    /// How bad it is.
    pub tone: Tone,
    /// What happens.
    pub what: String,
}

/// The first objects of one model.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// What they are called and what happens, such as "Books to be deleted".
    pub title: String,
    /// The first ones; without an address where there is no page for them.
    pub objects: Vec<Link>,
    /// How many more there are.
    pub more: String,
}
