//! What can be wrong with a field, and the sentences that say so.

use std::borrow::Cow;
use std::fmt;

/// Which rule was broken. A field may have its own sentence for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// Nothing was filled in.
    Required,
    /// It is not what the field takes.
    Invalid,
    /// The text is too long.
    MaxLength,
    /// The text is too short.
    MinLength,
    /// The number is too large.
    MaxValue,
    /// The number is too small.
    MinValue,
    /// The decimal has too many digits.
    MaxDigits,
    /// The decimal has too many digits after the point.
    DecimalPlaces,
    /// The number is between two steps.
    Step,
    /// It is none of the choices.
    Choice,
    /// The text holds a character that no text may have.
    NullCharacter,
    /// Another row has it already.
    Unique,
    /// The row it refers to is not there.
    Missing,
    /// The database refused it.
    Refused,
    /// A validator of the user.
    Custom,
}

impl ErrorCode {
    /// The rule that a word of `error_messages(…)` names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "required" => Self::Required,
            "invalid" => Self::Invalid,
            "max_length" => Self::MaxLength,
            "min_length" => Self::MinLength,
            "max_value" => Self::MaxValue,
            "min_value" => Self::MinValue,
            "max_digits" => Self::MaxDigits,
            "decimal_places" => Self::DecimalPlaces,
            "choice" => Self::Choice,
            "null_character" => Self::NullCharacter,
            "unique" => Self::Unique,
            "missing" => Self::Missing,
            "refused" => Self::Refused,
            _ => return None,
        })
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormError {
    /// Which rule was broken.
    pub code: ErrorCode,
    /// The sentence for people.
    pub text: Cow<'static, str>,
}

impl FormError {
    /// An error with its sentence.
    pub fn new(code: ErrorCode, text: impl Into<Cow<'static, str>>) -> Self {
        Self { code, text: text.into() }
    }

    /// An error of the user's own.
    pub fn custom(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::Custom, text)
    }
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq<str> for FormError {
    fn eq(&self, text: &str) -> bool {
        self.text == text
    }
}

impl PartialEq<&str> for FormError {
    fn eq(&self, text: &&str) -> bool {
        self.text == *text
    }
}

/// `1 character`, `2 characters`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
