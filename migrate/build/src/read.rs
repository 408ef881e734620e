//! Reads the models of a crate from its source, with the very code that the derive uses.
//!
//! What reading cannot tell (what a type of another crate is stored as, what a
//! feature turns on) it does not guess: the compiler proves every answer, and
//! a [`Finding`] names the attribute that says it.

mod declare;
mod field;
mod import;
mod names;
mod scope;
mod target;
mod tree;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use target::Target;

use crate::detect::{Declared, Finding};

/// What the source of a crate says.
#[derive(Debug)]
pub struct Reading {
    /// The crate's own label.
    pub label: String,
    /// The name of the crate that was read, which its `module_path!()`s start with.
    pub target: String,
    /// Whether the source says `nuages::app!()`, where what belongs to no model is told.
    pub has_app: bool,
    /// The apps by label: the crate's own, and those that models name with `app_label`.
    pub apps: BTreeMap<String, Declared>,
    /// What reading alone could not tell, by label.
    pub findings: BTreeMap<String, Vec<Finding>>,
    /// The files that were read.
    pub files: Vec<PathBuf>,
    /// The databases that `app!` names for all models; empty is all three.
    pub only: Vec<nuages_schema::Backend>,
}

/// Why nothing was read.
#[derive(Debug)]
pub enum Unread {
    /// The crate has neither a library nor a `main.rs`, or its manifest cannot be read.
    NoTarget(String),
    /// A file does not parse or an attribute is wrong; rustc tells better. The files that were read.
    LeftToRustc(Vec<PathBuf>),
}

/// Reads the crate in `folder`, where its `Cargo.toml` is.
///
/// # Errors
/// When there is nothing to read, or what is there does not compile anyway.
pub fn read_crate(folder: &Path) -> Result<Reading, Unread> {
    let target = Target::find(folder).map_err(Unread::NoTarget)?;
    let tree = tree::Tree::read(&target).map_err(Unread::LeftToRustc)?;
    declare::declare(&target, &tree).ok_or(Unread::LeftToRustc(tree.files))
}

#[cfg(test)]
mod tests;
