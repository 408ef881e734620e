//! The admin: every model that a project lists, browsable and editable.
//!
//! It reads the static schemas and dynamic rows, never Rust types of the
//! user, and carries its templates, stylesheet, script and drawings inside
//! the binary. Mount it and it is there:
//!
//! ```no_run
//! # async fn example() -> nuages::Result<()> {
//! nuages::Project::from_env()?.mount("/admin", nuages_admin::site()).run().await
//! # }
//! ```

mod account;
mod actions;
mod address;
mod asked;
pub mod assets;
mod delete;
mod digest;
mod edit;
mod history;
mod home;
mod list;
mod log;
pub mod page;
mod registry;
mod shell;
mod site;
mod text;

pub use log::{LogEntry, NewLogEntry, Verb};
pub use site::Admin;

nuages::app!(label = "admin");

/// The admin, to be mounted into a project.
#[must_use]
pub const fn site() -> Admin {
    Admin::new()
}
