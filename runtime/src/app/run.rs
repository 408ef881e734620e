//! The command line of a project's binary.

use super::{Project, builtin, checks, logging};
use crate::error::{Error, Result};
use crate::settings::Settings;
use crate::site::{Command, CommandContext, Finding, RegisteredCommand, Site};
use clap::ArgMatches;
use std::net::SocketAddr;

/// What serves when no command is given.
const SERVE: &str = "serve";
const CHECK: &str = "check";
const DEPLOY: &str = "deploy";

impl Project {
    /// Serves, or runs the command that the command line names.
    ///
    /// # Errors
    /// What keeps the project from starting, or what the command answers.
    pub async fn run(self) -> Result<()> {
        self.run_with(std::env::args_os()).await
    }

    /// As [`run`](Self::run), with another command line; the first word is the program.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn run_with<I, T>(mut self, arguments: I) -> Result<()>
    where
        I: IntoIterator<Item = T>,
        T: Into<std::ffi::OsString> + Clone,
    {
        logging::start(self.settings.is_debug());
        let commands = self.all_commands()?;
        let matches = match command_line(&commands).try_get_matches_from(arguments) {
            Ok(matches) => matches,
            Err(error) => error.exit(),
        };
        match matches.subcommand() {
            None => self.serve().await,
            Some((SERVE, arguments)) => {
                bind(&mut self.settings, arguments)?;
                self.serve().await
            }
            Some((CHECK, arguments)) => self.check(arguments.get_flag(DEPLOY)).await,
            Some(("routes", _)) => self.routes().await,
            Some((name, arguments)) => {
                let found = commands.iter().find(|command| command.name() == name);
                let command = found.ok_or_else(|| Error::other(format!("there is no command `{name}`")))?;
                let site = self.assemble(command.is_offline()).await?.site().clone();
                let done =
                    command.run(CommandContext { site: site.clone(), arguments: arguments.clone() }).await;
                site.database().close().await;
                done
            }
        }
    }

    /// The project's own commands, those that crates registered, and those of plugins.
    fn all_commands(&self) -> Result<Vec<Command>> {
        let mut commands = self.commands.clone();
        commands.extend(inventory::iter::<RegisteredCommand>().map(|registered| (registered.make)()));
        let builtin = builtin::plugins();
        let unmounted = builtin
            .iter()
            .filter(|one| !self.mounts.iter().any(|known| known.plugin.name() == one.plugin.name()));
        for mount in self.mounts.iter().chain(unmounted) {
            commands.extend(mount.plugin.commands());
        }
        commands.sort_by(|a, b| a.name().cmp(b.name()));
        match commands.windows(2).find(|pair| pair[0].name() == pair[1].name()) {
            Some(pair) => Err(Error::other(format!("there are two commands `{}`", pair[0].name()))),
            None => Ok(commands),
        }
    }

    async fn serve(self) -> Result<()> {
        let server = self.build().await?;
        checks::pass(server.site()).await?;
        start(server.site()).await?;
        server.run(announce).await
    }

    /// Says everything that is wrong: unsafe settings, then what the plugins find. With `deploy`, the
    /// settings are looked at as a production run would read them.
    async fn check(self, deploy: bool) -> Result<()> {
        let settings = if deploy { self.settings.as_production()? } else { self.settings.clone() };
        let mut found: Vec<_> = settings.unsafe_settings().into_iter().map(unsafe_setting).collect();
        let server = self.assemble(true).await?;
        found.extend(checks::of_plugins(server.site()).await);
        for finding in &found {
            println!("{finding}");
        }
        checks::refuse_errors(&found)?;
        let count = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        println!("{} checked, {}", count(server.site().apps().len(), "app"), count(found.len(), "finding"));
        Ok(())
    }

    /// Prints every route.
    async fn routes(self) -> Result<()> {
        let server = self.assemble(true).await?;
        for entry in server.site().routes().entries() {
            let (file, line) = entry.route.place();
            let view = format!("{}::{}", entry.app, entry.route.name());
            let exempt = entry.route.csrf_exempt_reason();
            let exempt = exempt.map(|reason| format!(", no CSRF check: {reason}")).unwrap_or_default();
            println!(
                "{:<12} {:<40} {view} ({file}:{line}){exempt}",
                entry.route.methods().to_string(),
                entry.pattern
            );
        }
        Ok(())
    }
}

fn command_line(commands: &[Command]) -> clap::Command {
    let serve = clap::Command::new(SERVE).about("Serves the site (the default)").arg(
        clap::Arg::new("bind")
            .long("bind")
            .value_name("ADDRESS")
            .help("such as 127.0.0.1:8000, or a port alone"),
    );
    clap::Command::new(env!("CARGO_PKG_NAME"))
        .no_binary_name(false)
        .subcommand(serve)
        .subcommand(
            clap::Command::new(CHECK).about("Says what is wrong with the project").arg(
                clap::Arg::new(DEPLOY)
                    .long(DEPLOY)
                    .action(clap::ArgAction::SetTrue)
                    .help("as if this were production: lists the settings that are not safe to serve with"),
            ),
        )
        .subcommand(clap::Command::new("routes").about("Lists the addresses of the views"))
        .subcommands(commands.iter().map(|command| command.clap().clone()))
}

fn unsafe_setting(text: String) -> Finding {
    Finding::error("nuages.settings.E001", text)
}

fn bind(settings: &mut Settings, arguments: &ArgMatches) -> Result<()> {
    let Some(text) = arguments.get_one::<String>("bind") else { return Ok(()) };
    let whole = if text.contains(':') { text.clone() } else { format!("127.0.0.1:{text}") };
    settings.bind = whole
        .parse()
        .map_err(|_| Error::other(format!("`{text}` is no address; write `127.0.0.1:8000` or a port")))?;
    Ok(())
}

/// What plugins do before the server starts. Those that came with a crate go first, migrations among
/// them, so that the project's own find the tables; those with pages go last.
async fn start(site: &Site) -> Result<()> {
    let mut mounts: Vec<_> = site.mounts().iter().collect();
    mounts.sort_by_key(|mount| (mount.prefix.is_some(), !builtin::is_linked(mount.plugin.name())));
    for mount in mounts {
        mount.plugin.start(site).await?;
    }
    Ok(())
}

/// Says on the terminal where to look.
async fn announce(site: &Site, address: SocketAddr) {
    let root = format!("http://{}", shown(address));
    println!(
        "{} runs on {}",
        if site.is_debug() { "debug" } else { "production" },
        site.database().backend().title()
    );
    println!("  site     {root}/");
    for mount in site.mounts() {
        if let Some(prefix) = &mount.prefix {
            println!("  {:<8} {root}{prefix}/", mount.plugin.name());
        }
    }
    for mount in site.mounts() {
        for line in mount.plugin.announce(site).await {
            println!("  {line}");
        }
    }
    println!("  stop with Ctrl-C");
}

/// An address that a browser can open.
fn shown(address: SocketAddr) -> String {
    if address.ip().is_unspecified() { format!("localhost:{}", address.port()) } else { address.to_string() }
}
