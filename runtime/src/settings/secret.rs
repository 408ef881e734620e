//! Text that is never printed, and the key that debug runs make for themselves.

use crate::error::{Context, Result};
use crate::signing::random_token;
use std::fmt;
use std::path::{Path, PathBuf};

/// A secret text. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is wrong with it as a key, if anything is.
    #[must_use]
    pub(super) fn weakness(&self) -> Option<&'static str> {
        let mut distinct: Vec<char> = self.0.chars().collect();
        distinct.sort_unstable();
        distinct.dedup();
        match self.0.chars().count() {
            0..50 => Some("has less than 50 characters"),
            _ if distinct.len() < 5 => Some("has less than 5 different characters"),
            _ => None,
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A key for debug runs. It is kept in the target folder, which no repository
/// tracks, so that a restart does not log everybody out; without one it lives in memory.
pub(super) fn debug_key() -> Result<Secret> {
    let Some(path) = target_folder().map(|folder| folder.join("nuages-debug-key")) else { return fresh() };
    match std::fs::read_to_string(&path) {
        Ok(text) if Secret::new(text.trim()).weakness().is_none() => Ok(Secret::new(text.trim())),
        _ => {
            let key = fresh()?;
            // Where it cannot be written, the next run makes another.
            let _ = write_private(&path, key.expose());
            Ok(key)
        }
    }
}

fn fresh() -> Result<Secret> {
    let half = || random_token().context("a key for this debug run could not be made");
    Ok(Secret::new(format!("{}{}", half()?, half()?)))
}

/// The nearest target folder of cargo, looking upwards from the working folder.
fn target_folder() -> Option<PathBuf> {
    let start = std::env::current_dir().ok()?;
    start.ancestors().map(|folder| folder.join("target")).find(|target| target.join("CACHEDIR.TAG").exists())
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
