//! `migrate <app> --prune`: forgets records of migrations that are gone from the source.

use nuages::site::Site;
use nuages::{Error, Result};
use nuages_build::file::Migration;

use crate::drift::{Difference, drift};
use crate::project::Migrations;
use crate::run::{Lock, Record, Terminal, forget, records, state_of};

/// Deletes the records of an app that no file stands for, if what remains leads to the tables that are there.
pub(super) async fn run(site: &Site, migrations: &Migrations, app: Option<&str>) -> Result<()> {
    let app = app.ok_or_else(|| Error::other("say whose records: `migrate <app> --prune`"))?;
    let db = site.database().dedicated().await?;
    let lock = Lock::take(&db, std::time::Duration::from_secs(60), &Terminal::default()).await?;
    let outcome = prune(&db, migrations, app).await;
    lock.release(&db).await;
    let closed = db.close().await;
    outcome.and(closed)
}

async fn prune(db: &nuages::Db, migrations: &Migrations, app: &str) -> Result<()> {
    let all = records(db).await?;
    let known = |record: &Record| {
        let files = migrations.app(&record.app).map(|app| &app.history);
        files.is_some_and(|files| {
            files.migrations().iter().chain(files.replaced()).any(|one| one.name == record.name)
        })
    };
    let (gone, kept): (Vec<Record>, Vec<Record>) =
        all.into_iter().partition(|record| record.app == app && !known(record));
    if gone.is_empty() {
        println!("Nothing to forget: every record of `{app}` has its migration.");
        return Ok(());
    }
    if let Some(open) = stands_for(migrations, app, &gone, &kept) {
        return Err(Error::other(format!(
            "migration {open} stands for what is to be forgotten and is not recorded yet: run `migrate` first"
        )));
    }
    if migrations.app(app).is_some() {
        let state = state_of(migrations, &kept.iter().map(Record::label).collect())?;
        let faults: Vec<Difference> =
            drift(db, &state).await?.into_iter().filter(|one| !one.harmless).collect();
        if !faults.is_empty() {
            let list: String = faults.iter().map(|one| format!("\n- {one}")).collect();
            return Err(Error::other(format!(
                "the migrations that remain do not lead to the tables that are there, so nothing was forgotten:{list}"
            )));
        }
    }
    db.atomic(async |db| {
        for record in &gone {
            forget(&db, record).await?;
        }
        Ok(())
    })
    .await?;
    gone.iter().for_each(|record| println!("Forgot {}", record.label()));
    Ok(())
}

/// A migration that was squashed from some of them and is not recorded itself.
fn stands_for(migrations: &Migrations, app: &str, gone: &[Record], kept: &[Record]) -> Option<String> {
    let replaces = |one: &&Migration| gone.iter().any(|record| one.replaces.contains(&record.name));
    let open = |one: &&Migration| !kept.iter().any(|record| record.label() == one.label());
    let own = migrations.app(app)?.history.migrations().iter();
    own.filter(replaces).find(open).map(Migration::label)
}
