//! What templates see of the user and of messages.

/// The user, as templates see them. Anonymous visitors have one too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageUser {
    /// Whether somebody is logged in.
    pub is_authenticated: bool,
    /// May enter the admin.
    pub is_staff: bool,
    /// May do everything.
    pub is_superuser: bool,
    /// The primary key as text; empty for a visitor.
    pub key: String,
    /// The name to show; empty for a visitor.
    pub name: String,
}

impl PageUser {
    /// A visitor who is not logged in.
    #[must_use]
    pub fn anonymous() -> Self {
        Self::default()
    }

    /// Somebody who is logged in.
    #[must_use]
    pub fn known(key: impl Into<String>, name: impl Into<String>) -> Self {
        Self { is_authenticated: true, key: key.into(), name: name.into(), ..Self::default() }
    }

    /// Says what they may do.
    #[must_use]
    pub fn with_roles(mut self, staff: bool, superuser: bool) -> Self {
        self.is_staff = staff;
        self.is_superuser = superuser;
        self
    }
}

/// A message to the user, shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageMessage {
    /// `debug`, `info`, `success`, `warning` or `error`.
    pub level: &'static str,
    /// The text.
    pub text: String,
}
