//! A form without Rust types.

use std::borrow::Cow;

use super::bound::BoundField;
use super::data::{FormData, UploadedFile};
use super::field::FormField;
use super::message::{ErrorCode, FormError};
use super::model::ModelPart;
use crate::value::{Value, Zone};

/// A form without Rust types: its fields, what was sent, and what is wrong.
///
/// ```
/// use nuages::form::{FormData, FormField, FormState};
/// use nuages::value::ColumnKind;
///
/// let mut form = FormState::new([FormField::new("pages", ColumnKind::Integer)]);
/// assert!(!form.is_bound());
/// form.bind(&FormData::from_iter([("pages", "many")]));
/// assert_eq!(form.errors_of("pages"), ["Enter a whole number."]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct FormState {
    pub(super) fields: Vec<BoundField>,
    pub(super) errors: Vec<FormError>,
    pub(super) prefix: String,
    pub(super) zone: Zone,
    pub(super) bound: bool,
    /// The model, if it is a form of one.
    pub(super) model: Option<Box<ModelPart>>,
}

impl FormState {
    /// A form of these fields, not sent yet.
    pub fn new(fields: impl IntoIterator<Item = FormField>) -> Self {
        let fields = fields.into_iter().map(BoundField::new).collect();
        Self { fields, ..Self::default() }
    }

    /// Puts a prefix before the names of the fields, for several forms on one page.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        for field in &mut self.fields {
            field.prefix.clone_from(&self.prefix);
        }
        self
    }

    /// The zone in which dates with times are shown and read.
    #[must_use]
    pub fn zone(mut self, zone: Zone) -> Self {
        self.zone = zone;
        for field in &mut self.fields {
            field.zone = zone;
        }
        self
    }

    /// The form as a row of a table, whose head says the labels: they are read out with the controls.
    #[must_use]
    pub fn in_table(mut self) -> Self {
        for field in &mut self.fields {
            field.in_table = true;
        }
        self
    }

    /// Shows these texts in a field as if they had been typed, and looks at nothing: for what was looked at elsewhere.
    pub fn show_typed(&mut self, name: &str, texts: Vec<String>) {
        if let Some(field) = self.field_mut(name) {
            field.typed = Some(texts);
        }
    }

    /// What a field shows at first. A name that is not in the form is left alone.
    #[must_use]
    pub fn initial(mut self, name: &str, value: Value) -> Self {
        if let Some(field) = self.field_mut(name) {
            field.initial = Some(value);
        }
        self
    }

    /// Takes what was sent, and checks each field.
    pub fn bind(&mut self, data: &FormData) {
        self.bound = true;
        for field in &mut self.fields {
            let name = field.html_name();
            let typed = data.all(&name).map(str::to_owned).collect();
            let clear = data.get(&format!("{name}-clear")).is_some();
            field.bind(typed, data.file(&name).cloned(), clear);
        }
    }

    /// Whether it was sent.
    #[must_use]
    pub const fn is_bound(&self) -> bool {
        self.bound
    }

    /// Whether it was sent and nothing is wrong.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.bound && !self.has_errors()
    }

    /// Whether anything is wrong.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty() || self.fields.iter().any(|field| !field.errors.is_empty())
    }

    /// The fields in order.
    #[must_use]
    pub fn fields(&self) -> &[BoundField] {
        &self.fields
    }

    /// The fields that are shown.
    pub fn visible_fields(&self) -> impl Iterator<Item = &BoundField> {
        self.fields.iter().filter(|field| field.field.widget != super::Widget::Hidden)
    }

    /// The fields that are not shown.
    pub fn hidden_fields(&self) -> impl Iterator<Item = &BoundField> {
        self.fields.iter().filter(|field| field.field.widget == super::Widget::Hidden)
    }

    /// A field by its name.
    #[must_use]
    pub fn bound_field(&self, name: &str) -> Option<&BoundField> {
        self.fields.iter().find(|field| field.field.name == name)
    }

    /// A field by its name, to change what it takes before the form is sent.
    #[must_use]
    pub fn field_mut(&mut self, name: &str) -> Option<&mut BoundField> {
        self.fields.iter_mut().find(|field| field.field.name == name)
    }

    /// The value of a field, if the form was sent and the field is valid.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.bound_field(name)?.value()
    }

    /// The file of a field.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&UploadedFile> {
        self.bound_field(name)?.file.as_ref()
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn errors_of(&self, name: &str) -> &[FormError] {
        self.bound_field(name).map_or(&[], BoundField::errors)
    }

    /// What is wrong with the form as a whole.
    #[must_use]
    pub fn non_field_errors(&self) -> &[FormError] {
        &self.errors
    }

    /// Says what is wrong with a field; an empty name, or one that is not in the form, means the form as a whole.
    pub fn add_error(&mut self, name: &str, text: impl Into<Cow<'static, str>>) {
        self.push_error(name, FormError::custom(text));
    }

    /// As [`add_error`](Self::add_error), for one of the rules, so that the field's own sentence is used.
    pub fn push_error(&mut self, name: &str, error: FormError) {
        match self.field_mut(name) {
            Some(field) => {
                let error = match error.code {
                    ErrorCode::Custom => error,
                    code => field.field.error(code, error.text),
                };
                field.value = None;
                field.errors.push(error);
            }
            None => self.errors.push(error),
        }
    }

    /// Whether what was sent differs from what it showed at first.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        self.fields.iter().any(BoundField::has_changed)
    }

    /// The names of the fields that differ from what they showed at first.
    pub fn changed_data(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(|field| field.has_changed()).map(|field| &*field.field.name)
    }

    /// Shows the stored file that a field has, and where browsers find it, in a form that is drawn from texts.
    pub fn show_file(&mut self, name: &str, stored: &str, url: Option<String>) {
        if let Some(field) = self.field_mut(name) {
            field.initial = Some(Value::Text(stored.to_owned()));
            field.shown_url = url;
        }
    }

    /// Whether the form sends a file, so that it must be sent as `multipart/form-data`.
    #[must_use]
    pub fn is_multipart(&self) -> bool {
        self.fields.iter().any(|field| field.field.file)
    }

    /// Forgets every error, for a row that is left out.
    pub(super) fn clear_errors(&mut self) {
        self.errors.clear();
        self.fields.iter_mut().for_each(|field| field.errors.clear());
    }
}
