//! What authentication adds to every project: tables, hooks, commands and a check.

use super::commands::commands;
use super::hook::AuthHook;
use super::user::UserEntry;
use crate::site::{App, Command, Finding, MigrationFolder, Plugin, RegisteredPlugin, RequestHook, Site};
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// Part of every project.
struct Auth;

inventory::submit!(RegisteredPlugin { make: || Arc::new(Auth) });

/// The label of the app, and the plugin's name.
const LABEL: &str = "auth";

/// What the build script embedded.
static MIGRATIONS: &[MigrationFolder] = include!(concat!(env!("OUT_DIR"), "/nuages_migrations.rs"));

impl Plugin for Auth {
    fn name(&self) -> &'static str {
        LABEL
    }

    fn apps(&self) -> Vec<App> {
        vec![App::new(LABEL, "nuages::auth").with_migrations(MIGRATIONS)]
    }

    fn commands(&self) -> Vec<Command> {
        commands()
    }

    fn hooks(&self) -> Vec<Arc<dyn RequestHook>> {
        vec![Arc::new(AuthHook)]
    }

    fn check<'a>(&'a self, _site: &'a Site) -> BoxFuture<'a, Vec<Finding>> {
        Box::pin(async { check_user_models() })
    }
}

/// There is one user model, and it has the fields that its trait names.
fn check_user_models() -> Vec<Finding> {
    let mut findings = Vec::new();
    let registered = UserEntry::registered();
    if registered.len() > 1 {
        let labels: Vec<_> = registered.iter().map(|entry| entry.schema().label()).collect();
        let text = format!("{} all say `#[model(user)]`; a project has one user model", labels.join(" and "));
        findings.push(Finding::error("auth.E001", text));
    }
    findings.extend(
        UserEntry::current().missing_fields().map(|error| Finding::error("auth.E002", error.to_string())),
    );
    findings
}
