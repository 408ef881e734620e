//! Migrations of Nuages: the graph over apps, schema editors for the three databases, the executor, commands.
//!
//! A migration is frozen data (see [`nuages_build`]). Here it becomes
//! [tables](table::Table), [changes](change::Change) of them, and [steps](editor::Step) for
//! one database; [`introspect`] reads the tables back from the live catalogue.
//! [`migrate`] applies what a project's apps carry.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod change;
mod command;
pub mod drift;
pub mod editor;
pub mod effect;
pub mod inspect;
pub mod introspect;
mod load;
mod plugin;
pub mod project;
pub mod run;
pub mod table;

pub use load::{Pending, load};
pub use plugin::{MigratePlugin, plugin};
pub use project::{AppMigrations, Migrations, Target};
pub use run::{DataContext, DataStep, DataSteps, Options, migrate};

pub use nuages_macros::data_step;

/// What `#[data_step]` may name. No stability is promised here.
#[doc(hidden)]
pub mod __private {
    pub use std::boxed::Box;

    pub use nuages::__private::inventory;

    pub use crate::run::DataStep;
}
