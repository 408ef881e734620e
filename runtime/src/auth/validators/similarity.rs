//! Too much like something that is known about its owner.

use super::{PasswordValidator, UserAttributes as Attributes};
use std::collections::HashMap;

/// Longer passwords and attributes are not compared beyond this many characters.
const COMPARED: usize = 1024;

/// What is known about the owner of a password: labels with values.
#[derive(Clone, Debug, Default)]
pub struct UserAttributes {
    values: Vec<(String, String)>,
}

impl UserAttributes {
    /// Nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value under the label that a message shows.
    #[must_use]
    pub fn with(mut self, label: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.push((label.into(), value.into()));
        self
    }
}

/// Not too much like the name, e-mail address and so on of the user.
#[derive(Clone, Copy, Debug)]
pub struct AttributeSimilarity {
    /// From 0 (nothing in common) to 1 (the same letters); 0.7 if nothing is said.
    pub max_similarity: f64,
}

impl Default for AttributeSimilarity {
    fn default() -> Self {
        Self { max_similarity: 0.7 }
    }
}

impl PasswordValidator for AttributeSimilarity {
    fn validate(&self, password: &str, user: &Attributes) -> Result<(), String> {
        let password = Letters::of(password);
        for (label, value) in &user.values {
            let value: String = value.chars().take(COMPARED).flat_map(char::to_lowercase).collect();
            if parts(&value).any(|part| password.similarity(part) >= self.max_similarity) {
                return Err(format!("The password is too similar to the {label}."));
            }
        }
        Ok(())
    }

    fn help_text(&self) -> String {
        "Your password can’t be too similar to your other personal information.".into()
    }
}

/// The whole value, and each word of it.
fn parts(value: &str) -> impl Iterator<Item = &str> {
    let words = value.split(|c: char| !c.is_alphanumeric() && c != '_');
    std::iter::once(value).chain(words).filter(|part| !part.is_empty())
}

/// How often each letter occurs. Counting makes the comparison linear, where the
/// longest common part would take the product of the lengths (CVE-2021-45115).
struct Letters {
    counts: HashMap<char, usize>,
    length: usize,
}

impl Letters {
    fn of(text: &str) -> Self {
        let mut counts = HashMap::new();
        let mut length = 0;
        for letter in text.chars().flat_map(char::to_lowercase).take(COMPARED) {
            *counts.entry(letter).or_insert(0) += 1;
            length += 1;
        }
        Self { counts, length }
    }

    /// Twice the letters in common, over all letters of both.
    fn similarity(&self, other: &str) -> f64 {
        let other = Self::of(other);
        let shared = |(letter, n): (&char, &usize)| self.counts.get(letter).map_or(0, |m| *m.min(n));
        let common: usize = other.counts.iter().map(shared).sum();
        2.0 * common as f64 / (self.length + other.length).max(1) as f64
    }
}
