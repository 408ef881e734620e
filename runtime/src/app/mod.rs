//! The project: apps, plugins and settings put together into one program.
//!
//! ```no_run
//! use nuages::{App, Project};
//!
//! # fn app() -> App { App::new("shop", "shop") }
//! #[tokio::main]
//! async fn main() -> nuages::Result<()> {
//!     Project::from_env()?.app(app()).run().await
//! }
//! ```

mod assemble;
mod builtin;
mod checks;
mod logging;
mod project;
mod run;
mod server;

pub use project::Project;
pub use server::Server;
