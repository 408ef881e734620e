//! Takes over the tables of Django's users, groups and permissions.
//!
//! Django's `auth_permission` points at `django_content_type`; ours holds the app's label and the model's
//! name itself. The keys of Django's own apps have 32 bits, ours 64. Everything else is names. What differs
//! is found by holding the live tables against those of the app's first migration, so a run that was killed
//! is repaired by running it again, and the records are written when nothing differs any more.

use std::collections::BTreeMap;

use nuages::backend::Statement;
use nuages::{Database, Db, Error, Result};
use nuages_build::file::Migration;
use nuages_build::state::{ModelRef, apply};
use nuages_schema::Backend;

use super::{
    DataSteps, Lock, Options, Progress, Record, empty, guard, journal, parts, record, records, retry, steps,
};
use crate::change::{Change, Part, differences_of};
use crate::drift::{is_same_type, managed_tables};
use crate::editor::{Editor, Planned};
use crate::introspect::introspect;
use crate::project::{Direction, Migrations, Move};
use crate::table::{Index, Table};

/// The app whose tables are Django's.
const APP: &str = "auth";
const PERMISSION: &str = "auth_permission";
const CONTENT_TYPE: &str = "content_type_id";

/// Brings the tables of Django's users to the shape of ours, every row kept, and records the first migration of
/// the app `auth`. Sessions, content types and the admin's log stay as they are and are not used.
///
/// # Errors
/// When there are no such tables, they hold more than Django's, or the app has a history here already.
pub async fn adopt_django(
    database: &Database,
    migrations: &Migrations,
    options: &Options,
    progress: &dyn Progress,
) -> Result<()> {
    let db = database.dedicated().await?;
    let lock = Lock::take(&db, options.lock_timeout, progress).await?;
    let outcome = adopt(&db, migrations, options, progress).await;
    lock.release(&db).await;
    let closed = db.close().await;
    outcome.and(closed)
}

async fn adopt(db: &Db, migrations: &Migrations, options: &Options, progress: &dyn Progress) -> Result<()> {
    retry::limit_waits(db, options).await?;
    record::create_table(db).await?;
    let records = records(db).await?;
    let applied = records.iter().map(Record::label).collect();
    let (migrations, _) = &migrations.settled(&applied)?;
    guard::agree(migrations, &records)?;
    let first = first(migrations)?;
    if records.iter().any(|record| record.app == APP) {
        return Err(Error::other("the app `auth` has a history in this database: it was taken over already"));
    }
    let mut live = introspect(db).await?;
    for name in ["auth_user", "auth_group", PERMISSION, "django_content_type"] {
        if !live.contains_key(name) {
            return Err(Error::other(format!("there is no table `{name}`: these are not Django's tables")));
        }
    }
    if live[PERMISSION].column(CONTENT_TYPE).is_some() {
        name_models(db, &live[PERMISSION]).await?;
        live = introspect(db).await?;
    }
    let planned = plan(db, migrations, first, live)?;
    if record::has_journal(db).await? {
        // What is left to do was found out anew, so the numbers of an earlier run mean nothing.
        journal::clear(db, first).await?;
    }
    let one = Move { migration: first, direction: Direction::Forward };
    progress.start(1);
    progress.begin(first, Direction::Forward);
    parts::run(&steps::Work {
        db,
        one,
        checksum: first.known_checksum(),
        planned: &planned,
        online: false,
        data: &DataSteps::default(),
        progress,
        stop: &options.stop,
        lock_wait: options.lock_wait,
        lock_tries: options.lock_tries,
    })
    .await
    .map_err(|error| {
        error.context("the tables of Django's users were not taken over; run it again to go on")
    })?;
    progress.end(first, Direction::Forward);
    progress.finish();
    Ok(())
}

fn first(migrations: &Migrations) -> Result<&Migration> {
    let missing =
        || Error::other("the project does not list the app `auth`: add `.app(nuages::auth::app())`");
    migrations.ordered().find(|migration| migration.app == APP).ok_or_else(missing)
}

/// Gives each permission the words that it takes from its content type.
async fn name_models(db: &Db, permission: &Table) -> Result<()> {
    let text = match db.backend() {
        Backend::Postgres => "character varying(100)",
        _ => "varchar(100)",
    };
    for column in ["app_label", "model"] {
        if permission.column(column).is_none() {
            db.execute_script(format!("ALTER TABLE {PERMISSION} ADD COLUMN {column} {text} NULL")).await?;
        }
    }
    let from = |column: &str| {
        format!(
            "{column} = (SELECT c.{column} FROM django_content_type c WHERE c.id = {PERMISSION}.{CONTENT_TYPE})"
        )
    };
    let update = format!("UPDATE {PERMISSION} SET {}, {}", from("app_label"), from("model"));
    db.execute(Statement::new(update, Vec::new())).await.map(drop)
}

/// What leads from the live tables to those of the first migration.
fn plan(
    db: &Db,
    migrations: &Migrations,
    first: &Migration,
    live: BTreeMap<String, Table>,
) -> Result<Vec<Planned>> {
    let mut state = empty(migrations);
    for operation in &first.operations {
        apply(&mut state, APP, operation)?;
    }
    let after = managed_tables(&state, db.backend())?;
    let mut before = BTreeMap::new();
    for (name, wanted) in &after {
        if let Some(table) = live.get(name) {
            before.insert(name.clone(), alike(db.backend(), table, wanted));
        }
    }
    let after = with_referring(&live, &mut before, after);
    let changes = differences_of(keyed(before), keyed(after));
    refuse_loss(&changes)?;
    Editor::new(db.backend(), db.capabilities()).steps_of(changes)
}

fn keyed(tables: BTreeMap<String, Table>) -> BTreeMap<(ModelRef, Option<String>), Table> {
    tables.into_iter().map(|(name, table)| ((ModelRef::new(APP, &name), None), table)).collect()
}

/// The live table without what makes no difference: spellings of one type, and indexes that serve too.
fn alike(backend: Backend, live: &Table, wanted: &Table) -> Table {
    let mut table = live.clone();
    for column in &mut table.columns {
        if let Some(other) = wanted.column(&column.name)
            && is_same_type(backend, &other.sql_type, &column.sql_type)
        {
            column.sql_type.clone_from(&other.sql_type);
        }
    }
    let asked = |index: &Index| wanted.indexes.iter().any(|other| other.terms == index.terms);
    let mut seen: Vec<Index> = Vec::new();
    table.indexes.retain(|index| {
        let first = !seen.iter().any(|other| other.terms == index.terms);
        seen.push(index.clone());
        asked(index) && first
    });
    table
}

/// Keys of other tables follow the type of the key that they refer to.
fn with_referring(
    live: &BTreeMap<String, Table>,
    before: &mut BTreeMap<String, Table>,
    mut after: BTreeMap<String, Table>,
) -> BTreeMap<String, Table> {
    for (name, table) in live.iter().filter(|(name, _)| !after.contains_key(*name)).collect::<Vec<_>>() {
        let mut changed = table.clone();
        for key in &table.foreign_keys {
            let target = after.get(&key.table).and_then(|target| target.column(&key.to_column)).cloned();
            let old = before.get(&key.table).and_then(|target| target.column(&key.to_column));
            if let (Some(target), Some(old)) = (target, old)
                && target.sql_type != old.sql_type
                && let Some(column) = changed.columns.iter_mut().find(|column| column.name == key.column)
            {
                column.sql_type = target.sql_type;
            }
        }
        if changed != *table {
            before.insert(name.clone(), table.clone());
            after.insert(name.clone(), changed);
        }
    }
    after
}

/// Columns that Django does not have are somebody's own: they are not ours to drop.
fn refuse_loss(changes: &[Change]) -> Result<()> {
    for change in changes {
        let Change::Alter(alteration) = change else { continue };
        let table = &alteration.after.name;
        for part in &alteration.parts {
            if let Part::DropColumn(column) = part
                && !(table == PERMISSION && column.name == CONTENT_TYPE)
            {
                return Err(Error::other(format!(
                    "the column `{}` of `{table}` is not Django's and would be lost: make it a field of a user model of \
                     your own, or drop it first",
                    column.name
                )));
            }
        }
    }
    Ok(())
}
