//! The migrations of a site's apps: what the binary carries, and in debug what lies beside its source.

use std::collections::BTreeSet;
use std::path::Path;

use nuages::model::models;
use nuages::site::Site;
use nuages::{Error, Result};
use nuages_build::file::Migration;
use nuages_build::folder::Folder;
use nuages_build::history_with;
use nuages_build::lint::lint;
use nuages_build::state::{ModelRef, ProjectState, apply};

use crate::project::{AppMigrations, Migrations};

/// What to do about migrations that the build wrote and nobody sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// In debug they are sealed; elsewhere they are an error that names the command.
    Seal,
    /// They are left alone: for commands that only show.
    Leave,
    /// They are applied as they are, for databases that are thrown away.
    Apply,
}

/// The migrations of all apps of a site.
///
/// # Errors
/// When files cannot be read, or disagree.
pub fn load(site: &Site, pending: Pending) -> Result<Migrations> {
    let mut apps = Vec::new();
    for app in site.apps() {
        let embedded = AppMigrations::parse(app.migrations())?;
        let label = app.label().to_owned();
        apps.push(one(site, AppMigrations { label, ..embedded }, pending)?);
    }
    Migrations::new(apps, user_model(site))
}

fn one(site: &Site, embedded: AppMigrations, pending: Pending) -> Result<AppMigrations> {
    let (app, built_from) = match on_disk(site, &embedded)? {
        Some(folder) => (from_folder(folder, pending)?, None),
        None => (embedded.clone(), embedded.folder.filter(|_| site.is_debug())),
    };
    if let Some(draft) =
        app.history.migrations().iter().find(|one| one.sealed.is_none() && pending == Pending::Seal)
    {
        return Err(unsealed(&draft.label(), built_from.as_deref()));
    }
    match (&app.pending, pending) {
        (Some(waiting), Pending::Seal) => Err(unsealed(&waiting.label(), built_from.as_deref())),
        (Some(waiting), Pending::Apply) => {
            let history = history_with(&app.history, waiting.clone()).map_err(Error::other)?;
            Ok(AppMigrations { history, pending: None, ..app })
        }
        _ => Ok(app),
    }
}

/// The folder in the source, in debug, if it holds everything that the binary carries.
///
/// # Errors
/// When the folder cannot be read as one line of migrations: two branches, an edited file.
fn on_disk(site: &Site, embedded: &AppMigrations) -> Result<Option<Folder>> {
    let Some(path) = embedded.folder.as_deref().filter(|path| site.is_debug() && path.is_dir()) else {
        return Ok(None);
    };
    let folder = Folder::load(path, &embedded.label).map_err(Error::other)?;
    let there: BTreeSet<&str> = folder.history.migrations().iter().map(|one| one.name.as_str()).collect();
    let all = embedded.history.migrations().iter().all(|one| there.contains(one.name.as_str()));
    Ok(all.then_some(folder))
}

fn from_folder(folder: Folder, pending: Pending) -> Result<AppMigrations> {
    let folder = if pending == Pending::Seal { seal(&folder, None)? } else { folder };
    let Folder { path, app, history, pending, .. } = folder;
    Ok(AppMigrations { label: app, folder: Some(path), history, pending })
}

/// Seals drafts and the pending migration, and reads the folder again.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn seal(folder: &Folder, name: Option<&str>) -> Result<Folder> {
    let drafts: BTreeSet<String> = folder.drafts().map(|draft| draft.name.clone()).collect();
    let pending = folder.seal_pending(name)?.map(|pending| pending.name);
    folder.seal_drafts()?;
    let folder = Folder::load(&folder.path, &folder.app).map_err(Error::other)?;
    let mut state = ProjectState::new();
    for migration in folder.history.migrations() {
        if drafts.contains(&migration.name) || pending.as_ref() == Some(&migration.name) {
            tell(&folder, &state, migration);
        }
        for operation in &migration.operations {
            apply(&mut state, &folder.app, operation)?;
        }
    }
    Ok(folder)
}

/// What was sealed, and what to think of before it is applied where others use the tables.
fn tell(folder: &Folder, before: &ProjectState, sealed: &Migration) {
    println!("Sealed {} ({})", sealed.label(), shown(&folder.file(&sealed.name)));
    let hazards = lint(before, sealed);
    for (at, operation) in sealed.operations.iter().enumerate() {
        println!("  - {}", operation.describe());
        for hazard in hazards.iter().filter(|hazard| hazard.operation == at && hazard.allowed.is_none()) {
            println!("    {hazard}");
        }
    }
    if hazards.iter().any(|hazard| hazard.allowed.is_none()) {
        println!(
            "  Where one of these does no harm, say so in the file: `allow = [{{ lint = \"…\", reason = \"…\" }}]`."
        );
    }
}

/// A path as seen from where the command was called.
pub(crate) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}

/// A debug program that cannot seal, because its source is not where it was built, has to be built again: what it
/// carries may have been sealed since.
fn unsealed(label: &str, built_from: Option<&Path>) -> Error {
    let instead = match built_from {
        Some(path) if path.is_dir() => {
            format!("{} no longer holds what this program was built from: build it again", shown(path))
        }
        Some(path) => format!("{}, which this program was built from, is gone: build it again", shown(path)),
        None => "run `makemigrations` in a debug build and commit the file".to_owned(),
    };
    Error::other(format!("migration {label} is not sealed: {instead}"))
}

/// The model that says `#[model(user)]`, or else the framework's.
fn user_model(site: &Site) -> Option<ModelRef> {
    let listed = |app: &str| site.apps().iter().any(|known| known.label() == app);
    let mut users: Vec<_> = models()
        .iter()
        .filter(|entry| entry.is_user && listed(entry.schema.app))
        .map(|entry| entry.schema)
        .collect();
    users.sort_by_key(|schema| (schema.app, schema.name));
    let own = users.first().map(|schema| ModelRef::new(schema.app, schema.name));
    own.or_else(|| Some(ModelRef::default_user()).filter(|user| listed(&user.app)))
}
