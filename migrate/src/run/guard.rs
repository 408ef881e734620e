//! The history in the database against the files: nothing runs while they disagree.

use std::collections::BTreeSet;

use nuages::{Error, Result};

use super::Record;
use crate::project::Migrations;

/// Refuses edited, missing and out-of-order migrations, and apps that are not listed.
pub(crate) fn agree(migrations: &Migrations, records: &[Record]) -> Result<()> {
    for record in records {
        known(migrations, record)?;
    }
    let applied: BTreeSet<String> = records.iter().map(Record::label).collect();
    for app in migrations.apps() {
        let mut open: Option<String> = None;
        for migration in app.history.migrations() {
            match (&open, applied.contains(&migration.label())) {
                // A branch that was merged may be there before the one that it follows now.
                (Some(_), true) if !migration.replaces.is_empty() => {}
                (Some(earlier), true) => return Err(out_of_order(earlier, &migration.label())),
                (None, false) => open = Some(migration.label()),
                _ => {}
            }
        }
    }
    Ok(())
}

/// Whether a newer program has migrated the database: the record comes after everything this program knows of its
/// app, and all of that is applied.
pub(crate) fn is_ahead(migrations: &Migrations, applied: &BTreeSet<String>, record: &Record) -> bool {
    let Some(app) = migrations.app(&record.app) else { return false };
    let files = app.history.migrations();
    let known = files.iter().chain(app.history.replaced());
    files.iter().all(|migration| applied.contains(&migration.label()))
        && files.last().is_some_and(|last| record.name > last.name)
        && known.into_iter().all(|one| one.name != record.name && !one.replaces.contains(&record.name))
}

fn known(migrations: &Migrations, record: &Record) -> Result<()> {
    let Some(app) = migrations.app(&record.app) else {
        return Err(Error::other(format!(
            "the database holds migrations of the app `{app}`, which is not listed: add it to the project, or take its \
             migrations back with a binary that lists it",
            app = record.app
        )));
    };
    let mut files = app.history.migrations().iter().chain(app.history.replaced());
    if files.clone().any(|one| one.replaces.contains(&record.name))
        && files.clone().all(|one| one.name != record.name)
    {
        return Ok(());
    }
    let Some(migration) = files.find(|migration| migration.name == record.name) else {
        return Err(Error::other(format!(
            "migration {} is applied, and its file is missing or was renamed: restore it from version control",
            record.label()
        )));
    };
    if migration.known_checksum() != record.checksum {
        return Err(Error::other(format!(
            "migration {} was edited after it was applied: restore its file, and write the change into a new migration",
            record.label()
        )));
    }
    Ok(())
}

fn out_of_order(earlier: &str, later: &str) -> Error {
    Error::other(format!(
        "migration {later} is applied and {earlier}, which comes before it, is not: the history of another branch was \
         applied to this database; take {later} back with the binary of that branch"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::AppMigrations;
    use nuages_build::file::Migration;

    /// A history of empty migrations, one after the other.
    fn history(names: &[&str]) -> Migrations {
        let mut all: Vec<Migration> = Vec::new();
        for name in names {
            let parent = all.last().map(|last| last.name.clone());
            let mut migration = Migration::pending("shop", parent.as_deref(), Vec::new());
            (*name).clone_into(&mut migration.name);
            all.push(migration);
        }
        Migrations::new(vec![AppMigrations::new("shop", all).unwrap()], None).unwrap()
    }

    fn ahead(files: &[&str], applied: &[&str], name: &str) -> bool {
        let applied = applied.iter().map(|name| format!("shop.{name}")).collect();
        let record = Record { app: "shop".into(), name: name.into(), checksum: String::new() };
        is_ahead(&history(files), &applied, &record)
    }

    #[test]
    fn only_what_follows_everything_that_is_known_and_applied_is_of_a_newer_program() {
        let all = ["0001_a", "0002_b", "0003_c"];
        assert!(ahead(&all[..2], &all, "0003_c"));
        assert!(!ahead(&all, &all, "0003_c"), "its own");
        assert!(!ahead(&["0001_a", "0002_other"], &all, "0002_b"), "another branch");
        assert!(
            !ahead(&["0001_a", "0002_other"], &all, "0003_c"),
            "beyond a branch, of which ours is not applied"
        );
        assert!(!ahead(&["0001_a", "0003_c"], &["0001_a", "0002_b", "0003_c"], "0002_b"), "a file that went");
    }
}
