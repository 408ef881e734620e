//! Errors of one input: collected, so that the user sees them all at once.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;

/// What was wrong with an input: one or more messages, each at the user's own token.
#[derive(Clone, Debug)]
pub struct Errors(Vec<syn::Error>);

impl Errors {
    /// The messages one by one, in the order of the source.
    pub fn iter(&self) -> impl Iterator<Item = &syn::Error> {
        self.0.iter()
    }

    /// The tokens that make rustc report every message.
    #[must_use]
    pub fn to_compile_error(&self) -> TokenStream {
        self.0.iter().map(syn::Error::to_compile_error).collect()
    }
}

impl Display for Errors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, error) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { "; " };
            write!(f, "{separator}{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Errors {}

impl From<syn::Error> for Errors {
    fn from(error: syn::Error) -> Self {
        Self(error.into_iter().collect())
    }
}

/// Collects errors while an input is read.
///
/// Dropping one unread panics, so that no code path can lose an error.
pub(crate) struct Collector(RefCell<Option<Vec<syn::Error>>>);

impl Collector {
    pub(crate) fn new() -> Self {
        Self(RefCell::new(Some(Vec::new())))
    }

    /// Reports `message` at the given tokens.
    pub(crate) fn at(&self, tokens: &dyn ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens.to_token_stream(), message));
    }

    /// Reports an error that already has its place.
    pub(crate) fn push(&self, error: syn::Error) {
        if let Some(errors) = self.0.borrow_mut().as_mut() {
            errors.extend(error);
        }
    }

    /// The value, or its absence with the error reported.
    pub(crate) fn ok<T>(&self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// Whether nothing was reported so far; each stage reports all it finds before the next one begins.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().as_ref().is_none_or(Vec::is_empty)
    }

    /// `value` if nothing was reported.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, Errors> {
        match self.0.borrow_mut().take() {
            Some(errors) if !errors.is_empty() => Err(Errors(errors)),
            _ => Ok(value),
        }
    }
}

impl Drop for Collector {
    #[expect(clippy::panic, reason = "a forgotten check must not ship; every path calls `finish`")]
    fn drop(&mut self) {
        if self.0.borrow().is_some() && !std::thread::panicking() {
            panic!("errors were collected and not read");
        }
    }
}
