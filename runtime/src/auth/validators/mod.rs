//! What a new password must be, checked where one is chosen.
//!
//! ```
//! use nuages::auth::validators::{PasswordPolicy, UserAttributes};
//!
//! let policy = PasswordPolicy::default();
//! let ada = UserAttributes::new().with("username", "lovelace").with("e-mail address", "ada@example.org");
//! assert!(policy.validate("analytical engine no. 1", &ada).is_empty());
//! assert_eq!(
//!     policy.validate("Lovelace1", &ada),
//!     ["The password is too similar to the username."]
//! );
//! ```

mod common;
mod length;
mod numeric;
mod similarity;

pub use common::CommonPassword;
pub use length::MinimumLength;
pub use numeric::NumericPassword;
pub use similarity::{AttributeSimilarity, UserAttributes};

use std::sync::Arc;

/// One rule about passwords. Write your own for rules of your house.
pub trait PasswordValidator: Send + Sync {
    /// Says what is wrong with the password, as a sentence for its owner.
    ///
    /// # Errors
    /// The sentence.
    fn validate(&self, password: &str, user: &UserAttributes) -> Result<(), String>;

    /// What the rule asks for, as a sentence under the field.
    fn help_text(&self) -> String;
}

/// The rules of a project.
#[derive(Clone)]
pub struct PasswordPolicy {
    validators: Vec<Arc<dyn PasswordValidator>>,
}

/// Not like the user's name, at least 8 characters, not common, not only digits.
impl Default for PasswordPolicy {
    fn default() -> Self {
        Self::none()
            .with(AttributeSimilarity::default())
            .with(MinimumLength::default())
            .with(CommonPassword)
            .with(NumericPassword)
    }
}

impl PasswordPolicy {
    /// No rules, to start a list of your own.
    #[must_use]
    pub fn none() -> Self {
        Self { validators: Vec::new() }
    }

    /// Adds a rule.
    #[must_use]
    pub fn with(mut self, validator: impl PasswordValidator + 'static) -> Self {
        self.validators.push(Arc::new(validator));
        self
    }

    /// Everything that is wrong with the password; empty when nothing is.
    #[must_use]
    pub fn validate(&self, password: &str, user: &UserAttributes) -> Vec<String> {
        self.validators.iter().filter_map(|rule| rule.validate(password, user).err()).collect()
    }

    /// What the rules ask for.
    #[must_use]
    pub fn help_texts(&self) -> Vec<String> {
        self.validators.iter().map(|rule| rule.help_text()).collect()
    }
}

#[cfg(test)]
mod tests;
