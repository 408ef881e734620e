//! What the pages show: plain structs with the templates that draw them.
//!
//! Nothing here reads a database or a request; the admin fills these in. Fields are drawn by
//! [`nuages::form`], as those of every form are.

pub mod choice;
pub mod confirm;
pub mod control;
pub mod delete;
pub mod error;
pub mod form;
pub mod history;
pub mod home;
pub mod list;
pub mod login;
pub mod lookup;
pub mod merge;
pub mod password;
pub mod shell;

pub use nuages::admin::Tone;

/// The icon that goes with a tone.
#[must_use]
pub const fn icon(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "check",
        Tone::Warning | Tone::Bad => "alert",
        Tone::Plain | Tone::Note => "info",
    }
}

/// Whether a screen reader should be interrupted for it.
#[must_use]
pub const fn is_urgent(tone: Tone) -> bool {
    matches!(tone, Tone::Bad)
}

/// Words that lead somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The words.
    pub label: String,
    /// Where they lead.
    pub url: String,
}

impl Link {
    /// Words and an address.
    pub fn new(label: impl Into<String>, url: impl Into<String>) -> Self {
        Self { label: label.into(), url: url.into() }
    }
}
