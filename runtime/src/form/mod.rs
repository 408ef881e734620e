//! Forms: fields, what was typed into them, what is wrong with it, and how it is shown.
//!
//! [`FormState`] is a form without Rust types: the admin and the forms of models
//! work with it. [`Form<T>`](Form) is the same with a struct that
//! `#[derive(Form)]` made into a [`FormFields`].
//!
//! ```
//! use nuages::form::{Form, FormData, FormField, FormFields, FormState, FormValues};
//!
//! // What `#[derive(Form)] struct Greeting { name: String, #[form(min = 1)] times: i32 }` writes:
//! struct Greeting { name: String, times: i32 }
//! impl FormFields for Greeting {
//!     fn fields() -> Vec<FormField> {
//!         vec![FormField::of::<String>("name"), FormField::of::<i32>("times").min(1)]
//!     }
//!     fn from_values(values: &FormValues<'_>) -> Option<Self> {
//!         Some(Self { name: values.get("name")?, times: values.get("times")? })
//!     }
//! }
//!
//! let form: Form<Greeting> = Greeting::bind(&FormData::from_urlencoded(b"name=Ada&times=2")?);
//! assert_eq!(form.cleaned_data().map(|data| data.times), Some(2));
//!
//! let form = Greeting::bind(&FormData::from_urlencoded(b"name=Ada&times=0")?);
//! assert_eq!(form.errors_of("times"), ["Enter a number of at least 1."]);
//! assert!(form.field("times").to_string().contains("aria-invalid=\"true\""));
//! # nuages::Result::<()>::Ok(())
//! ```

mod bound;
mod clean;
mod data;
mod field;
mod formset;
mod message;
mod model;
mod parse;
mod render;
mod show;
mod state;
mod typed;
pub mod validators;
mod value;
mod widget;

pub use crate::value::Zone;
pub use bound::{BoundField, BoundOption};
pub use data::{FormData, MAX_FIELDS, UploadedFile};
pub use field::{FormField, Format, Validator};
pub use formset::{FormSet, FormSetForm, FormSetOptions};
pub use message::{ErrorCode, FormError};
pub use model::{
    InlineFormSet, MAX_OPTIONS, ModelValidation, NewValidation, editable_fields, model_field, offers,
};
pub(crate) use parse::value_from_text;
pub use parse::value_of_text;
pub use render::{
    ErrorSummary, RenderedAttributes, RenderedControl, RenderedField, RenderedForm, RenderedLabel,
    RenderedNotes,
};
pub use show::text_of_value;
pub use state::FormState;
pub use typed::{Form, FormFields, ModelFormFields};
pub use value::{FormValue, FormValues, Many};
pub use widget::{Choice, CustomWidget, DrawControl, Widget};

#[cfg(test)]
mod tests;
