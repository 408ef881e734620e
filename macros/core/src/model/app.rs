//! The arguments of `nuages::app!(…)`.

use proc_macro2::TokenStream;

use crate::attr::AppAttr;
use crate::error::{Collector, Errors};
use crate::message;

/// What `app!(…)` says of its crate.
#[derive(Clone, Debug)]
pub struct App {
    /// The options.
    pub options: AppAttr,
}

impl App {
    /// Reads and checks the arguments of the macro.
    ///
    /// # Errors
    /// Everything that is wrong with them, each at its own token.
    pub fn from_tokens(tokens: TokenStream) -> Result<Self, Errors> {
        let errors = Collector::new();
        let options = AppAttr::read(tokens, &errors);
        if let Some(label) = &options.label
            && !is_label(&label.value.value())
        {
            errors.at(&label.value, message::LABEL);
        }
        errors.finish(Self { options })
    }

    /// The label, if one was given; otherwise it is the package's name with `-` as `_`.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        self.options.label.as_ref().map(|set| set.value.value())
    }
}

/// Labels prefix tables, so they keep to what every database spells the same.
pub(crate) fn is_label(label: &str) -> bool {
    let rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    label.starts_with(|c: char| c.is_ascii_lowercase()) && label.chars().all(rest)
}
