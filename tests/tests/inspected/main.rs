//! `inspectdb` over the Chinook store on every database: what it prints is kept here, compiles, answers
//! queries, and leads to a migration that changes nothing.
//!
//! `NUAGES_OVERWRITE=1` writes the kept files anew; look at them then.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[allow(dead_code, unreachable_pub, clippy::all, reason = "as printed")]
#[rustfmt::skip]
mod mysql;
#[allow(dead_code, unreachable_pub, clippy::all, reason = "as printed")]
#[rustfmt::skip]
mod postgres;
#[allow(dead_code, unreachable_pub, clippy::all, reason = "as printed")]
#[rustfmt::skip]
mod sqlite;

use std::path::{Path, PathBuf};

use nuages::Db;
use nuages::prelude::*;
use nuages::schema::Backend;
use nuages::test::{Server, TestDatabase};
use nuages_build::detect::{Detection, detect};
use nuages_build::file::Migration;
use nuages_build::state::ProjectState;
use nuages_migrate::inspect::{Inspection, inspect};
use nuages_migrate::introspect::introspect;
use nuages_migrate::project::Direction;
use nuages_migrate::run::{Quiet, statements};
use nuages_migrate::{AppMigrations, DataSteps, Migrations, Options, migrate};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inspected").join(name)
}

/// The script of the store, beside the tree; where it is missing the run says so, or fails if everything is required.
fn script(backend: Backend) -> Option<String> {
    let name = match backend {
        Backend::Sqlite => "Chinook_Sqlite.sql",
        Backend::Postgres => "Chinook_PostgreSql.sql",
        Backend::Mysql => "Chinook_MySql.sql",
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/chinook").join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) => {
            let required = std::env::var_os("NUAGES_REQUIRE_DATABASES").is_some();
            assert!(!required, "{}: {error}", path.display());
            nuages::test::not_tested(format!("the Chinook script is not there: {}", path.display()));
            None
        }
    }
}

async fn on_each_store(test: impl AsyncFn(Db) -> Result<()>) -> Result<()> {
    for server in Server::found().await? {
        let Some(script) = script(server.backend()) else { continue };
        let database = TestDatabase::create(server).await?;
        let about_databases = ["DROP DATABASE", "CREATE DATABASE", "USE ", "\\c "];
        let lines =
            script.lines().filter(|line| !about_databases.iter().any(|start| line.starts_with(start)));
        database.session().execute_script(lines.collect::<Vec<_>>().join("\n")).await?;
        test(database.session()).await.map_err(|error| error.context(server.backend().title()))?;
        database.remove().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_is_printed_is_what_is_kept_and_compiled() -> Result<()> {
    on_each_store(async |db| {
        let name = match db.backend() {
            Backend::Sqlite => "sqlite.rs",
            Backend::Postgres => "postgres.rs",
            Backend::Mysql => "mysql.rs",
        };
        let printed = inspect(&db, &Inspection::default()).await?;
        if std::env::var_os("NUAGES_OVERWRITE").is_some() {
            std::fs::write(file(name), &printed)?;
        }
        assert_eq!(
            printed,
            std::fs::read_to_string(file(name))?,
            "{name}; NUAGES_OVERWRITE=1 writes it anew"
        );
        Ok(())
    })
    .await
}

/// The same questions to the models of each database.
macro_rules! questions {
    ($models:ident, $db:expr) => {{
        use $models::*;
        let tracks = Track::objects().count($db).await?;
        let rock = Track::objects().filter(|t| t.genre.name.eq("Rock")).count($db).await?;
        let playlist = Playlist::objects().filter(|p| p.name.eq("Grunge")).get($db).await?;
        let on_it = playlist.tracks.objects().count($db).await?;
        let lines = Invoice::objects()
            .filter(|i| i.invoice_lines().track.name.startswith("Balls"))
            .count($db)
            .await?;
        let boss = Employee::objects().filter(|e| e.reports_to.is_null()).get($db).await?;
        (tracks, rock, on_it, lines, boss.last_name)
    }};
}

#[tokio::test]
async fn the_models_answer_as_plain_sql_does() -> Result<()> {
    on_each_store(async |db| {
        let answers = match db.backend() {
            Backend::Sqlite => questions!(sqlite, &db),
            Backend::Postgres => questions!(postgres, &db),
            Backend::Mysql => questions!(mysql, &db),
        };
        assert_eq!(answers, (3503, 1297, 15, 2, "Adams".to_owned()));
        Ok(())
    })
    .await
}

/// A crate whose models are what `inspectdb` printed, read as the build reads it.
fn read(models: &str, name: &str) -> Detection {
    let folder = std::env::temp_dir().join(format!("nuages-inspected-{}-{name}", std::process::id()));
    std::fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = "[package]\nname = \"store\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    std::fs::write(folder.join("src/lib.rs"), "mod models;\nnuages::app!();\n").unwrap();
    std::fs::write(folder.join("src/models.rs"), models).unwrap();
    let reading = nuages_build::read::read_crate(&folder).unwrap();
    assert!(reading.findings.values().all(Vec::is_empty), "{:?}", reading.findings);
    let detection = detect(&ProjectState::new(), &reading.apps["store"]);
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(detection.findings, [], "the build has nothing to ask");
    detection
}

fn history(detection: &Detection) -> Result<Migrations> {
    let first = Migration::pending("store", None, detection.operations.clone());
    let first = Migration { name: "0001_initial".into(), ..first };
    Migrations::new(vec![AppMigrations::new("store", vec![first])?], None)
}

#[tokio::test]
async fn the_migration_from_what_is_printed_changes_nothing() -> Result<()> {
    on_each_store(async |db| {
        let before = introspect(&db).await?;
        let name = format!("{:?}", db.backend());
        let printed = inspect(&db, &Inspection { app: "store".into(), ..Inspection::default() }).await?;
        let migrations = history(&read(&printed, &name))?;
        let first = migrations.migration("store", "0001")?;
        let sql = statements(&migrations, first, Direction::Forward, db.backend(), db.capabilities())?;
        assert_eq!(sql, [""; 0], "not managed: no statement");
        migrate(db.database(), &migrations, &DataSteps::default(), &Options::default(), &Quiet).await?;
        let mut after = introspect(&db).await?;
        after.retain(|name, _| !name.starts_with("nuages_migration"));
        assert_eq!(after, before);
        Ok(())
    })
    .await
}

/// Managed models: those that could not be are left out of it, with the reason beside them.
#[tokio::test]
async fn managed_models_are_the_tables_they_were_read_from() -> Result<()> {
    on_each_store(async |db| {
        let inspection = Inspection { app: "store".into(), managed: true, ..Inspection::default() };
        let printed = inspect(&db, &inspection).await?;
        let kept: Vec<&str> = printed.lines().filter(|line| line.starts_with("// not managed")).collect();
        let mut expected = not_managed(db.backend());
        let (table, list) = match db.backend() {
            Backend::Postgres => ("playlist_track", "`playlist_id`, `track_id`"),
            _ => ("PlaylistTrack", "`PlaylistId`, `TrackId`"),
        };
        // A join table that a migration makes has a key of its own.
        let joins =
            ["column `id` is missing".to_owned(), format!("the primary key is {list} and should be `id`")];
        expected.extend(joins.map(|text| format!("// not managed: table `{table}`: {text}")));
        assert_eq!(kept, expected);
        let migrations = history(&read(&printed, &format!("managed-{:?}", db.backend())))?;
        let before = introspect(&db).await?;
        let options = Options { fake_initial: true, ..Options::default() };
        let done = migrate(db.database(), &migrations, &DataSteps::default(), &options, &Quiet).await;
        let told = done.map(|done| done.applied.join(", ")).unwrap_or_else(|error| error.to_string());
        assert!(told.contains("store.0001_initial"), "{told}");
        let mut after = introspect(&db).await?;
        after.retain(|name, _| !name.starts_with("nuages_migration"));
        assert_eq!(after, before);
        Ok(())
    })
    .await
}

/// The columns that a migration would make in another type.
fn not_managed(backend: Backend) -> Vec<String> {
    let (is, should, tables) = match backend {
        Backend::Sqlite => return Vec::new(),
        Backend::Postgres => (
            "timestamp without time zone",
            "timestamp with time zone",
            [("employee", "birth_date"), ("employee", "hire_date"), ("invoice", "invoice_date")],
        ),
        Backend::Mysql => (
            "datetime",
            "datetime(6)",
            [("Employee", "BirthDate"), ("Employee", "HireDate"), ("Invoice", "InvoiceDate")],
        ),
    };
    let told = |(table, column)| {
        format!("// not managed: table `{table}`: column `{column}` is {is} and should be {should}")
    };
    tables.map(told).to_vec()
}
