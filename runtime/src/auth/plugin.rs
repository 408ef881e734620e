//! What authentication adds to every project: tables, hooks, commands and a check.

use super::commands::commands;
use super::create::create_permissions;
use super::hook::AuthHook;
use super::user::UserEntry;
use crate::backend::quote_identifier;
use crate::model::{Model, Referrer, ReferrerKind, referrers};
use crate::site::{App, Command, Finding, MigrationFolder, Plugin, RegisteredPlugin, RequestHook, Site};
use crate::{Db, Result};
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// Part of every project.
struct Auth;

inventory::submit!(RegisteredPlugin { make: || Arc::new(Auth) });

/// The label of the app, and the plugin's name.
const LABEL: &str = "auth";

/// What the build script embedded.
static MIGRATIONS: &[MigrationFolder] = include!(concat!(env!("OUT_DIR"), "/nuages_migrations.rs"));

/// The app of users, permissions and sessions. It is part of every project without being listed.
#[must_use]
pub fn app() -> App {
    App::new(LABEL, "nuages::auth").with_migrations(MIGRATIONS)
}

impl Plugin for Auth {
    fn name(&self) -> &'static str {
        LABEL
    }

    fn apps(&self) -> Vec<App> {
        vec![app()]
    }

    fn commands(&self) -> Vec<Command> {
        commands()
    }

    fn hooks(&self) -> Vec<Arc<dyn RequestHook>> {
        vec![Arc::new(AuthHook)]
    }

    fn post_migrate<'a>(&'a self, site: &'a Site) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { create_permissions(&site.database().session()).await.map(drop) })
    }

    fn announce<'a>(&'a self, site: &'a Site) -> BoxFuture<'a, Vec<String>> {
        Box::pin(announcement(site))
    }

    fn check<'a>(&'a self, _site: &'a Site) -> BoxFuture<'a, Vec<Finding>> {
        Box::pin(async { check_user_models() })
    }
}

/// A project without a user is told how to make one. What is wrong with the table others tell.
async fn announcement(site: &Site) -> Vec<String> {
    let db = site.database().session();
    match has_users(&db).await {
        Ok(false) => vec!["There is no user yet: run the command `createsuperuser` to make one.".into()],
        Ok(true) | Err(_) => Vec::new(),
    }
}

async fn has_users(db: &Db) -> Result<bool> {
    let table = quote_identifier(db.backend(), UserEntry::current().schema().table.as_str())?;
    let sql = format!("SELECT 1 FROM {table} LIMIT 1");
    Ok(db.fetch_optional(sql.into()).await?.is_some())
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
    findings.extend(relations_to_the_default_user().map(|text| Finding::error("auth.E003", text)));
    findings
}

/// Where a project has a user model of its own, nothing can refer to the framework's, whose table is not made.
fn relations_to_the_default_user() -> impl Iterator<Item = String> {
    let (default, current) = (super::User::schema(), UserEntry::current().schema());
    let referring = if default == current { &[] } else { referrers(default) };
    let own = move |referrer: &&Referrer| referrer.model != default;
    referring.iter().filter(own).map(move |Referrer { model, index, relation }| {
        let field = match relation {
            ReferrerKind::Foreign(_) => model.fields[*index].name,
            ReferrerKind::ManyToMany(_) => model.many_to_many[*index].name,
        };
        format!(
            "`{}.{field}` refers to `{}`, in whose place this project has `{}`: refer to `CurrentUser`",
            model.label(),
            default.label(),
            current.label()
        )
    })
}
