//! Rules on values, each a function or a small struct. All of them take time in proportion to the text.
//!
//! A function goes straight into `#[form(validators(email))]` and
//! `#[field(validators(slug))]`; a struct with a limit has a `check` method.
//!
//! ```
//! use nuages::form::validators::{MinLength, email, url};
//!
//! assert!(email("ada@example.org").is_ok());
//! assert!(url("javascript:alert(1)").is_err());
//! assert_eq!(MinLength(3).check("ab").unwrap_err().to_string(), "Write at least 3 characters (this has 2).");
//! ```

mod address;
mod limit;

use std::borrow::Cow;
use std::fmt;

use rust_decimal::Decimal;

pub use address::{domain_name, email, ipv4, ipv6, url};
pub use limit::{DecimalDigits, MaxLength, MaxValue, MinLength, MinValue, StepValue};

/// Why a value was refused: a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid(Cow<'static, str>);

impl Invalid {
    /// A sentence.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Invalid {}

fn check(holds: bool, text: &'static str) -> Result<(), Invalid> {
    if holds { Ok(()) } else { Err(Invalid::new(text)) }
}

/// ASCII letters, digits, hyphens and underscores.
///
/// # Errors
/// If there is anything else, or nothing.
pub fn slug(text: &str) -> Result<(), Invalid> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let sentence = "Use letters without accents, digits, hyphens and underscores only.";
    check(!text.is_empty() && text.bytes().all(fits), sentence)
}

/// Letters and digits of any script, hyphens and underscores.
///
/// # Errors
/// If there is anything else, or nothing.
pub fn unicode_slug(text: &str) -> Result<(), Invalid> {
    let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    check(!text.is_empty() && text.chars().all(fits), "Use letters, digits, hyphens and underscores only.")
}

/// No NUL, which no database text can hold.
///
/// # Errors
/// If there is one.
pub fn prohibit_null_characters(text: &str) -> Result<(), Invalid> {
    check(!text.contains('\0'), "Null characters are not allowed.")
}

/// A whole number, and nothing else.
///
/// # Errors
/// If it is anything else.
pub fn integer(text: &str) -> Result<(), Invalid> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    check(!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()), "Enter a whole number.")
}

/// The digits of a number before and after the point. Zeros at the end count, as they were typed.
pub(super) fn digits(number: Decimal) -> (u32, u32) {
    let mut whole = number.trunc().abs().mantissa();
    let mut count = 0;
    while whole > 0 {
        whole /= 10;
        count += 1;
    }
    (count, number.scale())
}

/// Whether a number is a whole number of steps away from another.
pub(super) fn is_step(number: Decimal, step: Decimal, from: Decimal) -> bool {
    let distance = number.checked_sub(from);
    let rest = distance.and_then(|distance| distance.checked_rem(step));
    rest.is_some_and(|rest| rest.is_zero())
}

#[cfg(test)]
mod tests;
