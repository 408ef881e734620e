//! Commands of the project's own binary.

use super::Site;
use crate::error::Result;
use clap::{Arg, ArgMatches};
use futures_util::future::BoxFuture;
use std::sync::Arc;

type Runner = dyn Fn(CommandContext) -> BoxFuture<'static, Result<()>> + Send + Sync;

/// A command: `cargo run -- <name>`.
///
/// ```
/// use nuages::site::{Command, CommandContext};
///
/// async fn greet(context: CommandContext) -> nuages::Result<()> {
///     println!("hello {}", context.text("name").unwrap_or("world"));
///     Ok(())
/// }
///
/// let command = Command::new("greet", "Says hello", greet).arg(clap::Arg::new("name"));
/// assert_eq!(command.name(), "greet");
/// ```
#[derive(Clone)]
pub struct Command {
    clap: clap::Command,
    offline: bool,
    run: Arc<Runner>,
}

/// What a command is given.
pub struct CommandContext {
    /// The project.
    pub site: Site,
    /// The arguments.
    pub arguments: ArgMatches,
}

impl Command {
    /// A command with this name; `about` is its line in the help.
    pub fn new<F, R>(name: &'static str, about: &'static str, run: F) -> Self
    where
        F: Fn(CommandContext) -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        Self {
            clap: clap::Command::new(name).about(about),
            offline: false,
            run: Arc::new(move |context| Box::pin(run(context))),
        }
    }

    /// Adds an argument or flag.
    #[must_use]
    pub fn arg(mut self, argument: Arg) -> Self {
        self.clap = self.clap.arg(argument);
        self
    }

    /// Says that the command needs no database: it runs where none can be reached.
    #[must_use]
    pub fn offline(mut self) -> Self {
        self.offline = true;
        self
    }

    pub(crate) fn is_offline(&self) -> bool {
        self.offline
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.clap.get_name()
    }

    pub(crate) fn clap(&self) -> &clap::Command {
        &self.clap
    }

    /// Runs it.
    ///
    /// # Errors
    /// What the command answers.
    pub async fn run(&self, context: CommandContext) -> Result<()> {
        (self.run)(context).await
    }
}

impl CommandContext {
    /// The text of an argument, if it was given.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.arguments.try_get_one::<String>(name).ok().flatten().map(String::as_str)
    }

    /// Whether a flag was given.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.arguments.try_get_one::<bool>(name).ok().flatten().copied().unwrap_or(false)
    }
}

/// A command that a crate registers by itself, without `Project::command`.
pub struct RegisteredCommand {
    /// `module_path!()` where it stands.
    pub module: &'static str,
    /// Makes the command.
    pub make: fn() -> Command,
}

inventory::collect!(RegisteredCommand);
