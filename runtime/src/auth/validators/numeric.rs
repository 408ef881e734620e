//! Digits only: a birthday or a telephone number.

use super::{PasswordValidator, UserAttributes};

/// Not only digits.
#[derive(Clone, Copy, Debug, Default)]
pub struct NumericPassword;

impl PasswordValidator for NumericPassword {
    fn validate(&self, password: &str, _user: &UserAttributes) -> Result<(), String> {
        if password.is_empty() || !password.chars().all(char::is_numeric) {
            return Ok(());
        }
        Err("This password is entirely numeric.".into())
    }

    fn help_text(&self) -> String {
        "Your password can’t be entirely numeric.".into()
    }
}
