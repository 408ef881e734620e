//! What the pages show: plain structs with the templates that draw them.
//!
//! Nothing here reads a database or a request. The admin fills these in, and
//! `examples/pages.rs` fills them with fixed data to look at.

pub mod cell;
pub mod delete;
pub mod error;
pub mod field;
pub mod form;
pub mod history;
pub mod home;
pub mod list;
pub mod login;
pub mod lookup;
pub mod merge;
pub mod password;
pub mod shell;

/// How good or bad news is: a colour that always comes with a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neither.
    #[default]
    Plain,
    /// Done, in order.
    Good,
    /// For your information.
    Note,
    /// Look at this.
    Warning,
    /// Failed, refused, destroyed.
    Bad,
}

impl Tone {
    /// The class of the stylesheet.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "ok",
            Self::Note => "note",
            Self::Warning => "warn",
            Self::Bad => "bad",
        }
    }

    /// The icon that goes with it.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Good => "check",
            Self::Warning | Self::Bad => "alert",
            Self::Plain | Self::Note => "info",
        }
    }

    /// Whether a screen reader should be interrupted for it.
    #[must_use]
    pub const fn is_urgent(self) -> bool {
        matches!(self, Self::Bad)
    }
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
