//! `makemigrations`: seals what the build wrote.

use std::path::Path;

use nuages::clap::Arg;
use nuages::site::{Command, CommandContext};
use nuages::{Error, Result};
use nuages_build::folder::{Folder, merge_folder};

use super::{argument, flag};
use crate::load::{Pending, load, seal, shown};
use crate::project::AppMigrations;

pub(super) fn command() -> Command {
    Command::new("makemigrations", "Seals the migrations that the build wrote from the models", run)
        .offline()
        .arg(argument("app", "Only this app"))
        .arg(Arg::new("name").long("name").short('n').help("The name after the number"))
        .arg(flag("check", "Writes nothing; fails if there is something to seal"))
        .arg(flag("merge", "Puts the second of two branches that met after the first"))
        .arg(flag("empty", "Writes an empty migration, to be filled with SQL or data steps"))
}

async fn run(context: CommandContext) -> Result<()> {
    if context.flag("merge") {
        return merge(&context);
    }
    let migrations = load(&context.site, Pending::Leave)?;
    let only = context.text("app");
    if let Some(app) = only {
        super::known(&migrations, app)?;
    }
    let apps: Vec<&AppMigrations> =
        migrations.apps().iter().filter(|app| only.is_none_or(|only| app.label == only)).collect();
    if context.flag("check") {
        return check(&apps);
    }
    let folders = writable(&apps)?;
    if context.flag("empty") {
        // As in Django the app is named, also where only one has a folder that may be written.
        let folders = if only.is_some() { folders } else { Vec::new() };
        return empty(&folders, context.text("name"));
    }
    let waiting: Vec<&Folder> =
        folders.iter().filter(|one| one.pending.is_some() || one.drafts().next().is_some()).collect();
    if waiting.is_empty() {
        println!("No changes: the migrations lead to the models.");
    }
    if waiting.len() > 1 && context.text("name").is_some() {
        return Err(Error::other(
            "several apps have changes; say which one the name is for: `makemigrations <app> --name …`",
        ));
    }
    for folder in waiting {
        seal(folder, context.text("name"))?;
    }
    Ok(())
}

/// The folders of apps in this source tree; those of other crates are sealed where they are built.
fn writable(apps: &[&AppMigrations]) -> Result<Vec<Folder>> {
    let folders: Vec<Folder> = apps
        .iter()
        .filter_map(|app| Some(Folder::load(app.folder.as_deref()?, &app.label).map_err(Error::other)))
        .collect::<Result<_>>()?;
    if folders.is_empty() {
        return Err(Error::other(
            "this binary was built where nothing may be written (release, CI or a package): run it in a debug build",
        ));
    }
    Ok(folders)
}

fn check(apps: &[&AppMigrations]) -> Result<()> {
    let mut open = Vec::new();
    for app in apps {
        if let Some(pending) = &app.pending {
            open.push(format!("{}: {}", app.label, describe(&pending.operations)));
        }
        let drafts = app.history.migrations().iter().filter(|one| one.sealed.is_none());
        open.extend(drafts.map(|draft| format!("{} is not sealed", draft.label())));
    }
    if open.is_empty() {
        println!("No changes: the migrations lead to the models.");
        return Ok(());
    }
    Err(Error::other(format!("there is something to seal with `makemigrations`: {}", open.join("; "))))
}

fn describe(operations: &[nuages_build::Operation]) -> String {
    operations.iter().map(nuages_build::Operation::describe).collect::<Vec<_>>().join(", ")
}

fn empty(folders: &[Folder], name: Option<&str>) -> Result<()> {
    let [folder] = folders else {
        return Err(Error::other("say which app the empty migration is for: `makemigrations <app> --empty`"));
    };
    if folder.pending.is_some() {
        return Err(Error::other(
            "there are changes of models that wait: run `makemigrations` first, then again with `--empty`",
        ));
    }
    let draft = folder.write_empty(name)?;
    println!("Wrote {}. Fill it, then run `makemigrations` to seal it.", shown(&folder.file(&draft.name)));
    Ok(())
}

/// Where two branches met there is no line to load, so this reads the folders by itself.
fn merge(context: &CommandContext) -> Result<()> {
    let mut met = false;
    for app in context.site.apps() {
        let (label, folder, _) = app.migrations();
        if folder.is_empty() || context.text("app").is_some_and(|only| only != label) {
            continue;
        }
        let Some(merged) = merge_folder(Path::new(folder), label).map_err(Error::other)? else { continue };
        met = true;
        println!("{label}: the second branch follows {} from now on.", merged.onto);
        for (old, new) in &merged.moved {
            println!("  - {old} is {} now", new.name);
        }
    }
    if !met {
        println!("Nothing to merge: every app has one line of migrations.");
    }
    Ok(())
}
