//! Enumerations as column types, stored as one word per variant.

use crate::error::{Error, Result};

/// An enumeration stored as text; `#[derive(Choices)]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an enumeration of choices",
    label = "not choices",
    note = "add `#[derive(Choices)]` to `{Self}`"
)]
pub trait Choices: Sized + 'static {
    /// The words in the database with their labels, in the order of the variants.
    const CHOICES: &'static [(&'static str, &'static str)];

    /// The word in the database.
    fn word(&self) -> &'static str;

    /// The variant of a word.
    fn from_word(word: &str) -> Option<Self>;
}

/// The variant of a word that a column holds.
///
/// # Errors
/// If it is none of the choices.
pub fn choice<T: Choices>(word: &str) -> Result<T> {
    T::from_word(word).ok_or_else(|| unknown(word, T::CHOICES))
}

fn unknown(word: &str, choices: &[(&str, &str)]) -> Error {
    let known: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
    Error::decode(format!("`{word}` is none of the choices {}", known.join(", ")))
}

/// Makes an enumeration with [`Choices`] a column type; what `derive(Choices)` calls.
#[doc(hidden)]
#[macro_export]
macro_rules! __choices_field {
    ($type:ty) => {
        impl $crate::field::Field for $type {
            const KIND: $crate::schema::ColumnKind = $crate::schema::ColumnKind::Text;
            const WORDS: &'static [(&'static ::core::primitive::str, &'static ::core::primitive::str)] =
                <Self as $crate::field::Choices>::CHOICES;
            type Base = Self;
            type Optional = ::core::option::Option<Self>;
            type Null = $crate::path::NotNull;
            type In<P: $crate::path::Path, K: $crate::path::Key, N: $crate::path::Nullness> =
                $crate::field::Column<P, N::Of<Self>>;

            fn to_value(&self) -> $crate::value::Value {
                $crate::value::Value::Text(::std::borrow::ToOwned::to_owned($crate::field::Choices::word(
                    self,
                )))
            }

            fn read(row: &$crate::backend::Row, at: ::core::primitive::usize) -> $crate::Result<Self> {
                let word: ::std::string::String = $crate::field::Field::read(row, at)?;
                $crate::field::choice(&word)
            }

            fn choices() -> &'static [(&'static ::core::primitive::str, &'static ::core::primitive::str)] {
                <Self as $crate::field::Choices>::CHOICES
            }
        }
        $crate::slot!($type);
    };
}
