//! What a check found.

use std::fmt;

/// Something that a check found: what it is, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A stable code, such as `nuages.E012`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and what to do.
    pub text: String,
    /// The file, model or setting.
    pub place: Option<String>,
}

/// How bad a finding is. An error keeps the server from starting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Warning,
    /// The server does not start.
    Error,
}

impl Finding {
    /// An error.
    #[must_use]
    pub fn error(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, text: text.into(), place: None }
    }

    /// A warning.
    #[must_use]
    pub fn warning(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, severity: Severity::Warning, text: text.into(), place: None }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.severity == Severity::Error { "error" } else { "warning" };
        write!(f, "{word} {}", self.code)?;
        if let Some(place) = &self.place {
            write!(f, " at {place}")?;
        }
        write!(f, ": {}", self.text)
    }
}
