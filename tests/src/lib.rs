//! The models and views that the behaviour suite runs on: an app like any user's.

pub mod models;

use nuages_migrate as _;

nuages::app!();
