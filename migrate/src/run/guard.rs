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
    if migration.checksum() != record.checksum {
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
