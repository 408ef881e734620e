//! Forms with a Rust struct behind them.

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::data::FormData;
use super::field::FormField;
use super::state::FormState;
use super::value::{FormValue, FormValues};
use crate::model::Model;
use crate::query::Slot;
use crate::value::Zone;

/// A struct whose fields are those of a form. Derive it with `#[derive(Form)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a form",
    label = "not a form",
    note = "add `#[derive(Form)]` to `{Self}`"
)]
pub trait FormFields: Sized + Send + Sync + 'static {
    /// The fields in order.
    fn fields() -> Vec<FormField>;

    /// The struct, made from a form whose fields are all valid.
    fn from_values(values: &FormValues<'_>) -> Option<Self>;

    /// Looks at several fields together: changes the data, or says what is wrong by
    /// [`add_error`](FormState::add_error). `#[form(clean = path)]` calls a function of the user.
    fn clean(&mut self, form: &mut FormState) {
        let _ = form;
    }

    /// The form without types, not sent yet.
    #[must_use]
    fn state() -> FormState {
        FormState::new(Self::fields())
    }

    /// The form, not sent yet.
    #[must_use]
    fn new() -> Form<Self> {
        Form { state: Self::state(), cleaned: None }
    }

    /// The form with what was sent.
    #[must_use]
    fn bind(data: &FormData) -> Form<Self> {
        Self::new().bind(data)
    }
}

/// A struct that says which fields of a model a form has: `#[form(model = Book, fields(title, price))]`.
pub trait ModelFormFields: FormFields {
    /// The model.
    type Model: Model + Slot;
}

/// A form, sent or not, with the struct `T` behind it.
///
/// As the last argument of a view it is what the request sent, with its CSRF
/// token verified. It dereferences to [`FormState`].
pub struct Form<T> {
    pub(super) state: FormState,
    pub(super) cleaned: Option<T>,
}

impl<T: FormFields> Form<T> {
    /// What a field shows at first.
    #[must_use]
    pub fn initial(mut self, name: &str, value: impl FormValue) -> Self {
        if let Some(value) = value.into_value() {
            self.state = self.state.initial(name, value);
        }
        self
    }

    /// Puts a prefix before the names of the fields, for several forms on one page.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.state = self.state.prefix(prefix);
        self
    }

    /// The zone in which dates with times are shown and read.
    #[must_use]
    pub fn zone(mut self, zone: Zone) -> Self {
        self.state = self.state.zone(zone);
        self
    }

    /// Takes what was sent, and checks it.
    #[must_use]
    pub fn bind(mut self, data: &FormData) -> Self {
        self.state.bind(data);
        self.run_clean();
        self
    }

    /// Makes the struct of valid fields and looks at them together.
    pub(super) fn run_clean(&mut self) {
        self.cleaned = None;
        if !self.state.is_valid() {
            return;
        }
        let Some(mut data) = T::from_values(&FormValues(&self.state)) else {
            self.state.add_error("", "This form could not be read.");
            return;
        };
        data.clean(&mut self.state);
        self.cleaned = Some(data);
    }

    /// The data, if the form was sent and nothing is wrong.
    #[must_use]
    pub fn cleaned_data(&self) -> Option<&T> {
        self.cleaned.as_ref().filter(|_| self.state.is_valid())
    }

    /// The form without its type, for templates that show forms of several sorts.
    #[must_use]
    pub fn into_state(self) -> FormState {
        self.state
    }

    /// As [`cleaned_data`](Self::cleaned_data), to keep.
    ///
    /// # Errors
    /// The form, to show again with what is wrong.
    pub fn into_data(mut self) -> Result<T, Self> {
        match self.cleaned.take().filter(|_| self.state.is_valid()) {
            Some(data) => Ok(data),
            None => Err(self),
        }
    }
}

impl<T> Deref for Form<T> {
    type Target = FormState;

    fn deref(&self) -> &FormState {
        &self.state
    }
}

impl<T> DerefMut for Form<T> {
    fn deref_mut(&mut self) -> &mut FormState {
        &mut self.state
    }
}

impl<T> fmt::Debug for Form<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.state.fmt(f)
    }
}
