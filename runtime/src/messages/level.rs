//! How important a message is.

use serde::{Deserialize, Serialize};

/// How important a message is, in rising order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// For developers.
    Debug,
    /// Something to know.
    Info,
    /// It worked.
    Success,
    /// It worked, and something may be wrong.
    Warning,
    /// It did not work.
    Error,
}

impl Level {
    /// The word for style sheets.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The ARIA role that reads it out: at once for what went wrong, at the next pause otherwise.
    #[must_use]
    pub const fn role(self) -> &'static str {
        match self {
            Self::Warning | Self::Error => "alert",
            Self::Debug | Self::Info | Self::Success => "status",
        }
    }
}
