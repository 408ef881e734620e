//! What is checked before a project runs.

use crate::error::{Error, Result};
use crate::model::{ReferrerKind, models, referrers};
use crate::query::{Receiver, Signal};
use crate::site::{App, Finding, ProvidedMap, RegisteredState, Severity, Site};
use nuages_schema::{Backend, FieldSchema, ModelSchema, OnDelete};
use std::collections::BTreeMap;

/// Two apps with one label, models of apps that are not listed, relations into them.
pub(super) fn apps(apps: &[App]) -> Result<()> {
    let mut found = Vec::new();
    labels(apps, &mut found);
    let listed = |label: &str| apps.iter().any(|app| app.label() == label);
    for model in models().iter().map(|entry| entry.schema) {
        if listed(model.app) {
            relations(model, &listed, &mut found);
            silent_deletes(model, &mut found);
            below_the_database(model, &mut found);
        } else {
            found.push(unlisted(model));
        }
    }
    found.dedup();
    refuse("the project cannot start", &found)
}

/// States that views ask for and nobody gives.
pub(super) fn states(provided: &ProvidedMap) -> Result<()> {
    let mut found: Vec<String> = inventory::iter::<RegisteredState>()
        .filter(|state| !(state.is_provided)(provided))
        .map(|state| {
            let name = (state.name)();
            format!("`nuages::state!({name})` in `{}` has no value; write `.with(…)` in main", state.module)
        })
        .collect();
    found.sort();
    refuse("the project cannot start", &found)
}

fn labels(apps: &[App], found: &mut Vec<String>) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for app in apps {
        if let Some(other) = seen.insert(app.label(), app.module()) {
            let (label, module) = (app.label(), app.module());
            found.push(if other == module {
                format!("the app `{label}` is listed twice")
            } else {
                format!(
                    "the apps of `{other}` and `{module}` have one label, `{label}`; give one another with \
                     `nuages::app!(label = \"…\")`"
                )
            });
        }
    }
}

fn unlisted(model: &ModelSchema) -> String {
    let root = model.module.split("::").next().unwrap_or_default();
    format!(
        "the model `{}` is linked, but its app is not listed; write `.app({root}::app())` in main, or drop the dependency",
        model.label()
    )
}

fn relations(model: &ModelSchema, listed: &impl Fn(&str) -> bool, found: &mut Vec<String>) {
    let foreign = model.fields.iter().filter_map(|field| Some((field.name, (field.foreign?.target)())));
    let many = model.many_to_many.iter().map(|many| (many.name, (many.target)()));
    for (field, target) in foreign.chain(many) {
        if !listed(target.app) {
            found.push(format!(
                "`{}.{field}` refers to `{}`, whose app is not listed in main",
                model.label(),
                target.label()
            ));
        }
    }
}

/// The database deletes rows without telling anybody, so a receiver that waits for that would never run.
fn silent_deletes(model: &'static ModelSchema, found: &mut Vec<String>) {
    let by_database = model
        .fields
        .iter()
        .find(|field| field.foreign.is_some_and(|foreign| foreign.on_delete == OnDelete::DbCascade));
    let Some(field) = by_database else { return };
    let mut receivers = inventory::iter::<&'static Receiver>().filter(|receiver| (receiver.model)() == model);
    if receivers.any(|receiver| matches!(receiver.signal, Signal::PreDelete | Signal::PostDelete)) {
        found.push(format!(
            "a receiver waits for deletions of `{}`, but `on_delete = db::Cascade` on `{}` lets the database \
             delete them unseen; write `on_delete = Cascade`",
            model.label(),
            field.name
        ));
    }
}

/// Where the database deletes rows, nobody looks below them: what hangs on such rows must be the database's matter too.
fn below_the_database(model: &'static ModelSchema, found: &mut Vec<String>) {
    let by_database =
        |field: &&FieldSchema| field.foreign.is_some_and(|foreign| foreign.on_delete == OnDelete::DbCascade);
    let Some(field) = model.fields.iter().find(by_database) else { return };
    let unseen = format!("`on_delete = db::Cascade` on `{}.{}`", model.label(), field.name);
    for referrer in referrers(model) {
        let label = referrer.model.label();
        match referrer.relation {
            ReferrerKind::Foreign(foreign) => {
                let name = referrer.model.fields[referrer.index].name;
                let instead = match foreign.on_delete {
                    OnDelete::Cascade => "db::Cascade",
                    OnDelete::SetNull => "db::SetNull",
                    OnDelete::SetDefault | OnDelete::Set => "db::SetNull` or `DoNothing",
                    _ => continue,
                };
                let rule = foreign.on_delete.word();
                found.push(format!(
                    "`{label}.{name}` says `{rule}`, but {unseen} lets the database delete those rows unseen; write \
                     `on_delete = {instead}`, or `Cascade` there"
                ));
            }
            ReferrerKind::ManyToMany(many) if many.through.is_none() => {
                found.push(join_rows(&label, many.name, &unseen));
            }
            ReferrerKind::ManyToMany(_) => {}
        }
    }
    for generic in model.generic_relations {
        found.push(format!(
            "rows of `{}` belong to rows of `{}`, but {unseen} lets the database delete those unseen, and nothing would \
             take the former along; write `on_delete = Cascade`",
            generic().model.label(),
            model.label()
        ));
    }
    for many in model.many_to_many.iter().filter(|many| many.through.is_none()) {
        found.push(join_rows(&model.label(), many.name, &unseen));
    }
}

fn join_rows(label: &str, name: &str, unseen: &str) -> String {
    format!(
        "the join rows of `{label}.{name}` would stand in the way, because {unseen} lets the database delete one end \
         unseen; write `on_delete = Cascade` there"
    )
}

/// Models that cannot live on the database that the URL names.
pub(super) fn databases(apps: &[App], backend: Backend) -> Result<()> {
    let mut found = Vec::new();
    for app in apps.iter().filter(|app| !fits(app.only(), backend)) {
        found.push(format!("the app `{}` is for {} only", app.label(), titles(app.only())));
    }
    let linked = models().iter().map(|entry| entry.schema);
    for model in linked.filter(|model| !fits(model.only, backend)) {
        found.push(format!("the model `{}` is for {} only", model.label(), titles(model.only)));
    }
    refuse(&format!("DATABASE_URL names {}, but", backend.title()), &found)
}

fn fits(only: &[Backend], backend: Backend) -> bool {
    only.is_empty() || only.contains(&backend)
}

fn titles(only: &[Backend]) -> String {
    only.iter().map(|backend| backend.title()).collect::<Vec<_>>().join(" and ")
}

fn refuse(intro: &str, found: &[String]) -> Result<()> {
    if found.is_empty() { Ok(()) } else { Err(Error::other(format!("{intro}:\n- {}", found.join("\n- ")))) }
}

/// What the project and its plugins find.
pub(super) async fn of_plugins(site: &Site) -> Vec<Finding> {
    let mut found = no_build_script(site);
    for mount in site.mounts() {
        found.extend(mount.plugin.check(site).await);
    }
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}

/// Apps with models that no migration makes tables for.
fn no_build_script(site: &Site) -> Vec<Finding> {
    let lacking = site.apps().iter().filter(|app| app.lacks_migrations());
    let lacking = lacking.map(|app| Finding::warning("nuages.app.W001", NO_BUILD_SCRIPT).at(app.label()));
    lacking.chain(nothing_migrates(site)).collect()
}

/// Migrations that nobody applies.
fn nothing_migrates(site: &Site) -> Option<Finding> {
    let migrates = site.mounts().iter().any(|mount| mount.plugin.name() == "migrate");
    let ours = env!("CARGO_PKG_NAME");
    let text = format!("nothing applies the migrations; write `use {ours}_migrate as _;` into main.rs");
    (!migrates).then(|| Finding::warning("nuages.app.W002", text))
}

const NO_BUILD_SCRIPT: &str = "the app has models and no migrations; write `fn main() { nuages_build::run(); }` into its \
                               build.rs, and `nuages-build` under [build-dependencies]";

/// Shows warnings, and refuses to go on when there is an error.
pub(super) async fn pass(site: &Site) -> Result<()> {
    let found = of_plugins(site).await;
    for warning in found.iter().filter(|finding| finding.severity == Severity::Warning) {
        tracing::warn!("{warning}");
    }
    refuse_errors(&found)
}

/// Refuses when one of these is an error.
pub(super) fn refuse_errors(found: &[Finding]) -> Result<()> {
    let errors = found.iter().filter(|finding| finding.severity == Severity::Error);
    refuse("the project cannot start", &errors.map(ToString::to_string).collect::<Vec<_>>())
}
