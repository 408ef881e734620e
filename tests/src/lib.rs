//! The models and views that the behaviour suite runs on: an app like any user's.

pub mod forms;
pub mod models;
pub mod tables;

use nuages_migrate as _;

nuages::app!();

/// The README's code compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
