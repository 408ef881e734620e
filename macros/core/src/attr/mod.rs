//! Reads attributes: every option keeps the token of its key, so that errors stand there.

mod admin;
mod app;
mod choice;
mod constraint;
mod field;
mod file;
mod form;
mod item;
mod model;
mod options;
mod term;
mod value;
mod view;

pub use admin::{AdminAttr, Fieldset, Inline, Listed};
pub use app::AppAttr;
pub use choice::ChoiceAttr;
pub use constraint::{CheckAttr, IndexAttr, Rows, UniqueAttr};
pub use field::{FieldAttr, RelatedName, SetTo};
pub use file::{FileAttr, UploadTo};
pub use form::{FormAttr, FormFieldAttr};
pub use item::{FieldPath, Item, OrderTerm};
pub use model::ModelAttr;
pub use term::{Computed, Term};
pub use value::{Default, DefaultKind, Literal};
pub use view::ViewAttr;

pub(crate) use options::Options;

/// A value with the key that set it.
#[derive(Clone, Debug)]
pub struct Set<T> {
    /// The key as the user wrote it.
    pub key: syn::Ident,
    /// The value.
    pub value: T,
}

impl<T> Set<T> {
    /// The same key with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Set<U> {
        Set { key: self.key, value: f(self.value) }
    }
}
