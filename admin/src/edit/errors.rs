//! What is wrong with what was typed.

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

    /// Takes over what the database said, at the field it belongs to.
    ///
    /// # Errors
    /// The error itself, if it is none that typing something else would mend.
    pub(crate) fn take(&mut self, form: &FormSpec, prefix: &str, error: Error) -> Result<(), Error> {
        let noun = form.entry.schema.verbose_name;
        let spec = error.field().and_then(|name| form.find(name));
        let label = spec.map(|spec| spec.part.label());
        let text = match (error.kind(), &label) {
            (ErrorKind::Unique, Some(label)) => format!("Another {noun} has this {}.", label.to_lowercase()),
            (ErrorKind::Unique, None) => format!("Another {noun} has these values{}.", columns(&error)),
            (ErrorKind::ForeignKey, _) => "What this refers to does not exist any more.".to_owned(),
            (ErrorKind::NotNull, _) => "This is required.".to_owned(),
            (ErrorKind::Check, _) => "The database does not allow this value.".to_owned(),
            (ErrorKind::Validation, _) => error.to_string(),
            _ => return Err(error),
        };
        match spec {
            Some(spec) => self.add(format!("{prefix}{}", spec.part.name()), text),
            None => self.general.push(text),
        }
        Ok(())
    }
}

fn columns(error: &Error) -> String {
    let columns = error.constraint().map(|violation| violation.columns.join(", ")).unwrap_or_default();
    if columns.is_empty() { columns } else { format!(" ({columns})") }
}
