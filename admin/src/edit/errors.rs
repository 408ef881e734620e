//! What is wrong with what was typed.

use nuages::form::FormState;
use nuages::{Error, ErrorKind};

use super::spec::FormSpec;

/// What is wrong with a form, by the name of the field.
#[derive(Clone, Debug, Default)]
pub(crate) struct Errors {
    fields: Vec<(String, String)>,
    pub(crate) general: Vec<String>,
}

impl Errors {
    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.general.is_empty()
    }

    /// Something is wrong with a field.
    pub(crate) fn add(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.fields.push((name.into(), text.into()));
    }

    /// What is wrong with a field.
    pub(crate) fn of(&self, name: &str) -> Vec<String> {
        self.fields.iter().filter(|(known, _)| known == name).map(|(_, text)| text.clone()).collect()
    }

    /// Takes over what the database said, at the field it belongs to, in the words of every form.
    ///
    /// # Errors
    /// The error itself, if it is none that typing something else would mend.
    pub(crate) fn take(&mut self, form: &FormSpec, prefix: &str, error: Error) -> Result<(), Error> {
        let fields = form.editable().filter_map(|part| form.rules(part));
        let mut told = FormState::for_model_fields(form.entry, fields);
        if error.kind() == ErrorKind::Validation {
            told.add_error(error.field().unwrap_or_default(), error.to_string());
        } else {
            told.add_violation(error)?;
        }
        for field in told.fields() {
            for error in field.errors() {
                self.add(format!("{prefix}{}", field.field.name), error.to_string());
            }
        }
        self.general.extend(told.non_field_errors().iter().map(ToString::to_string));
        Ok(())
    }
}
