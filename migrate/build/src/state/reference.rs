//! The name of a model in any app.

use serde::{Deserialize, Serialize};

/// `app.Model`; the project's user model, whichever it is, is [`ModelRef::current_user`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ModelRef {
    /// The app's label; empty for the user model.
    pub app: String,
    /// The model's Rust name.
    pub name: String,
}

/// How migration files write the project's user model.
const CURRENT_USER: &str = "CurrentUser";

impl ModelRef {
    /// The model `name` of `app`.
    #[must_use]
    pub fn new(app: &str, name: &str) -> Self {
        Self { app: app.to_owned(), name: name.to_owned() }
    }

    /// The user model of the project, which is known when a migration is applied.
    #[must_use]
    pub fn current_user() -> Self {
        Self::new("", CURRENT_USER)
    }

    /// The framework's own user model.
    #[must_use]
    pub fn default_user() -> Self {
        Self::new("auth", "User")
    }

    /// Whether this stands for the project's user model.
    #[must_use]
    pub fn is_current_user(&self) -> bool {
        self.app.is_empty()
    }
}

impl std::fmt::Display for ModelRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_current_user() { f.write_str(&self.name) } else { write!(f, "{}.{}", self.app, self.name) }
    }
}

impl From<ModelRef> for String {
    fn from(value: ModelRef) -> Self {
        value.to_string()
    }
}

impl TryFrom<String> for ModelRef {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once('.') {
            Some((app, name)) if !app.is_empty() && !name.is_empty() => Ok(Self::new(app, name)),
            None if text == CURRENT_USER => Ok(Self::current_user()),
            _ => Err(format!("`{text}` does not name a model: write `app.Model`")),
        }
    }
}
