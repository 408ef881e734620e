//! Too short to be hard to guess.

use super::{PasswordValidator, UserAttributes};

/// At least so many characters; 8 if nothing is said.
#[derive(Clone, Copy, Debug)]
pub struct MinimumLength(pub usize);

impl Default for MinimumLength {
    fn default() -> Self {
        Self(8)
    }
}

impl PasswordValidator for MinimumLength {
    fn validate(&self, password: &str, _user: &UserAttributes) -> Result<(), String> {
        if password.chars().take(self.0).count() >= self.0 {
            return Ok(());
        }
        Err(format!("This password is too short. It must contain at least {}.", self.characters()))
    }

    fn help_text(&self) -> String {
        format!("Your password must contain at least {}.", self.characters())
    }
}

impl MinimumLength {
    fn characters(self) -> String {
        if self.0 == 1 { "1 character".into() } else { format!("{} characters", self.0) }
    }
}
