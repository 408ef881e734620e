//! The storages of a project by alias.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Storage;
use crate::error::{Error, ErrorKind, Result};

/// The alias of the storage that is used where nothing else is said.
pub const DEFAULT: &str = "default";

/// The storages of a project by alias. Cloning is cheap.
#[derive(Clone, Debug, Default)]
pub struct Storages(Arc<BTreeMap<String, Arc<dyn Storage>>>);

impl Storages {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one, or puts it in the place of the one of this alias.
    #[must_use]
    pub fn with(mut self, alias: impl Into<String>, storage: Arc<dyn Storage>) -> Self {
        Arc::make_mut(&mut self.0).insert(alias.into(), storage);
        self
    }

    /// The storage of an alias.
    ///
    /// # Errors
    /// There is none; the error lists those that are there.
    pub fn get(&self, alias: &str) -> Result<&Arc<dyn Storage>> {
        self.0.get(alias).ok_or_else(|| self.unknown(alias))
    }

    #[cold]
    fn unknown(&self, alias: &str) -> Error {
        let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
        let known = if known.is_empty() { "none".to_owned() } else { format!("`{}`", known.join("`, `")) };
        let text =
            format!("there is no storage `{alias}`; the project has {known}. Add it with `Project::storage`");
        Error::new(ErrorKind::NotSupported, text)
    }

    /// Every alias.
    pub fn aliases(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
