//! What a Nuages crate's `build.rs` uses, and what the migration executor shares with it.
//!
//! The typed [state](state::ProjectState) of the models is written to migration
//! files, read back, compared and turned into DDL: one value all the way, so no
//! attribute can be forgotten on it. [`Operation`]s change it; [`detect`](detect::detect)
//! finds the operations between two states; [`mod@file`] and [`folder`] keep them
//! on disk.
//!
//! With the feature `reader`, [`run`] reads the models of the crate from its
//! source and writes the pending migration.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod detect;
pub mod file;
pub mod folder;
mod history;
pub mod lint;
pub mod merge;
mod naming;
mod operation;
mod optimize;
#[cfg(feature = "reader")]
pub mod read;
#[cfg(feature = "reader")]
mod run;
pub mod squash;
pub mod state;

pub use history::{History, Line, history_with};
pub use naming::suggest_name;
pub use operation::{Backfill, Irreversible, Literal, Operation, SqlStatements, SqlText, Touch};
pub use optimize::optimize;
#[cfg(feature = "reader")]
pub use run::run;
