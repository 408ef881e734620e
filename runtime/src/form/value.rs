//! Rust types as values of form fields.

use std::borrow::Cow;
use std::ops::Deref;

use nuages_schema::ColumnKind;

use super::data::UploadedFile;
use super::field::FormField;
use super::message::{ErrorCode, FormError};
use super::state::FormState;
use super::widget::{Choice, Widget};
use crate::backend::Row;
use crate::field::Field;
use crate::value::Value;

/// A type that can be a field of a form: every column type, [`Many`] of one, and [`UploadedFile`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a form",
    label = "not a form field",
    note = "use a column type such as `String`, `i64`, `Option<Date>` or an enumeration with `#[derive(Choices)]`, `Many<T>` for several of them, or `UploadedFile`"
)]
pub trait FormValue: Sized + Send + Sync + 'static {
    /// The field for the type.
    fn field(name: Cow<'static, str>) -> FormField;

    /// The value that was parsed, as the type.
    fn from_value(value: &Value) -> Option<Self>;

    /// The value of a field of a form that was sent.
    fn from_form(form: &FormState, name: &str) -> Option<Self> {
        Self::from_value(form.value(name)?)
    }

    /// The value, to show in a field.
    fn into_value(self) -> Option<Value>;
}

impl<T: Field> FormValue for T {
    fn field(name: Cow<'static, str>) -> FormField {
        let mut field = FormField::new(name, T::KIND);
        field.nullable = T::NULLABLE;
        field.required &= !T::NULLABLE;
        if T::FILE.is_some() {
            (field.file, field.widget) = (true, Widget::File);
        }
        if T::NULLABLE && T::KIND == ColumnKind::Bool {
            field = field.yes_or_no();
        }
        let choices = T::choices();
        if !choices.is_empty() {
            field = field.choices(choices.iter().map(|(value, label)| Choice::new(*value, *label)));
        }
        // What parses as the column need not fit the type: 300 is no `u8`.
        field.validators.push(std::sync::Arc::new(|value| {
            let fits = T::from_value(value).is_some();
            (!fits).then(|| FormError::new(ErrorCode::Invalid, "This value is not allowed here."))
        }));
        field
    }

    fn from_value(value: &Value) -> Option<Self> {
        T::read(&Row::Values(vec![value.clone()]), 0).ok()
    }

    fn into_value(self) -> Option<Value> {
        Some(self.to_value())
    }
}

/// Several values of one field, such as the boxes that are ticked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Many<T>(pub Vec<T>);

impl<T> Deref for Many<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Field> FormValue for Many<T> {
    fn field(name: Cow<'static, str>) -> FormField {
        let mut field = <T as FormValue>::field(name);
        (field.many, field.required, field.widget) = (true, false, Widget::SelectMultiple);
        field
    }

    fn from_value(value: &Value) -> Option<Self> {
        let Value::Array(_, values) = value else { return None };
        values.iter().map(T::from_value).collect::<Option<Vec<T>>>().map(Self)
    }

    fn into_value(self) -> Option<Value> {
        Some(Value::Array(T::KIND, self.0.iter().map(Field::to_value).collect()))
    }
}

impl FormValue for UploadedFile {
    fn field(name: Cow<'static, str>) -> FormField {
        let mut field = FormField::new(name, ColumnKind::Binary);
        (field.file, field.widget) = (true, Widget::File);
        field
    }

    fn from_value(_: &Value) -> Option<Self> {
        None
    }

    fn from_form(form: &FormState, name: &str) -> Option<Self> {
        form.file(name).cloned()
    }

    fn into_value(self) -> Option<Value> {
        None
    }
}

/// A file that need not be there.
impl FormValue for Option<UploadedFile> {
    fn field(name: Cow<'static, str>) -> FormField {
        <UploadedFile as FormValue>::field(name).required(false)
    }

    fn from_value(_: &Value) -> Option<Self> {
        None
    }

    fn from_form(form: &FormState, name: &str) -> Option<Self> {
        Some(form.file(name).cloned())
    }

    fn into_value(self) -> Option<Value> {
        None
    }
}

/// The values of a form that was sent, for a struct to take its fields from.
#[derive(Clone, Copy, Debug)]
pub struct FormValues<'a>(pub(super) &'a FormState);

impl FormValues<'_> {
    /// The value of a field, if it is valid.
    #[must_use]
    pub fn get<T: FormValue>(&self, name: &str) -> Option<T> {
        T::from_form(self.0, name)
    }

    /// The form they stand in; what `#[derive(Form)]` reads.
    #[doc(hidden)]
    #[must_use]
    pub fn form(&self) -> &FormState {
        self.0
    }
}
