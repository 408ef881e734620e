//! The form of one row: what it shows, what it takes back, and how it is saved.

mod draw;
mod errors;
mod file;
mod inline;
mod inline_rows;
mod labels;
mod lookup;
mod merge;
mod pages;
mod rights;
mod save;
mod spec;
mod state;

pub(crate) use inline::{InlineSpec, plan};
pub(crate) use labels::{key, options};
pub(crate) use pages::{add, add_posted, change, change_posted, is_superuser};
pub(crate) use spec::FormSpec;
