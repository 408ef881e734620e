//! Rules with a limit.

use std::fmt::Display;

use rust_decimal::Decimal;

use super::{Invalid, digits, is_step};
use crate::form::message::counted;

/// At least so much.
#[derive(Clone, Copy, Debug)]
pub struct MinValue<T>(pub T);

impl<T: PartialOrd + Display> MinValue<T> {
    /// Checks a value.
    ///
    /// # Errors
    /// If it is less, or cannot be compared.
    pub fn check(&self, value: &T) -> Result<(), Invalid> {
        if *value >= self.0 {
            Ok(())
        } else {
            Err(Invalid::new(format!("Enter a value of at least {}.", self.0)))
        }
    }
}

/// At most so much.
#[derive(Clone, Copy, Debug)]
pub struct MaxValue<T>(pub T);

impl<T: PartialOrd + Display> MaxValue<T> {
    /// Checks a value.
    ///
    /// # Errors
    /// If it is more, or cannot be compared.
    pub fn check(&self, value: &T) -> Result<(), Invalid> {
        if *value <= self.0 {
            Ok(())
        } else {
            Err(Invalid::new(format!("Enter a value of at most {}.", self.0)))
        }
    }
}

/// At least so many characters.
#[derive(Clone, Copy, Debug)]
pub struct MinLength(pub usize);

impl MinLength {
    /// Checks a text.
    ///
    /// # Errors
    /// If it is shorter.
    pub fn check(&self, text: &str) -> Result<(), Invalid> {
        length(text, self.0, "at least", |length, limit| length >= limit)
    }
}

/// At most so many characters.
#[derive(Clone, Copy, Debug)]
pub struct MaxLength(pub usize);

impl MaxLength {
    /// Checks a text.
    ///
    /// # Errors
    /// If it is longer.
    pub fn check(&self, text: &str) -> Result<(), Invalid> {
        length(text, self.0, "at most", |length, limit| length <= limit)
    }
}

fn length(text: &str, limit: usize, words: &str, fits: fn(usize, usize) -> bool) -> Result<(), Invalid> {
    let length = text.chars().count();
    if fits(length, limit) {
        return Ok(());
    }
    let limit = counted(limit as u64, "character");
    Err(Invalid::new(format!("Write {words} {limit} (this has {length}).")))
}

/// A decimal with at most so many digits, and so many of them after the point.
#[derive(Clone, Copy, Debug)]
pub struct DecimalDigits {
    /// Before and after the point together.
    pub max_digits: u32,
    /// After the point.
    pub decimal_places: u32,
}

impl DecimalDigits {
    /// Checks a number.
    ///
    /// # Errors
    /// If it has more.
    pub fn check(&self, number: &Decimal) -> Result<(), Invalid> {
        let (whole, places) = digits(*number);
        let before = self.max_digits.saturating_sub(self.decimal_places);
        if places > self.decimal_places {
            let limit = counted(self.decimal_places.into(), "digit");
            return Err(Invalid::new(format!("Write at most {limit} after the point.")));
        }
        if whole > before {
            let limit = counted(before.into(), "digit");
            return Err(Invalid::new(format!("Write at most {limit} before the point.")));
        }
        Ok(())
    }
}

/// A whole number of steps, counted from an offset.
#[derive(Clone, Copy, Debug)]
pub struct StepValue {
    /// One step; zero fits nothing.
    pub step: Decimal,
    /// Where counting starts.
    pub offset: Decimal,
}

impl StepValue {
    /// Checks a number.
    ///
    /// # Errors
    /// If it lies between two steps.
    pub fn check(&self, number: &Decimal) -> Result<(), Invalid> {
        if is_step(*number, self.step, self.offset) {
            return Ok(());
        }
        Err(Invalid::new(format!("Enter a number in steps of {}.", self.step)))
    }
}
