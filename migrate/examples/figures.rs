//! Prints how long migrations take: detection, replay, applying, the check at start.
//!
//! `cargo run -p nuages-migrate --example figures`. A build script runs unoptimised, so figures of the
//! debug profile are those of the build.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use nuages::Result;
use nuages::test::{Server, TestDatabase};
use nuages_build::detect::{Declared, DeclaredModel, detect};
use nuages_build::file::Migration;
use nuages_build::state::{ColumnType, FieldState, ModelRef, ModelState, ProjectState};
use nuages_build::{History, Operation};
use nuages_migrate::change::LiveNames;
use nuages_migrate::editor::Editor;
use nuages_migrate::project::Direction;
use nuages_migrate::run::{Quiet, records, statements};
use nuages_migrate::{AppMigrations, DataSteps, Migrations, Options, migrate};

/// Models of ten fields, each referring to the one before.
fn models(count: usize) -> Vec<ModelState> {
    let model = |at: usize| {
        let mut model = ModelState::new(&format!("M{at:04}"), &format!("shop_m{at:04}"));
        model.fields.push(FieldState::auto_key("id"));
        model
            .fields
            .extend((0..8).map(|field| FieldState::new(&format!("field_{field}"), ColumnType::text(100))));
        if at > 0 {
            let before = ColumnType::key(ModelRef::new("shop", &format!("M{:04}", at - 1)));
            model.fields.push(FieldState::new("before", before));
        }
        model
    };
    (0..count).map(model).collect()
}

fn declared(models: &[ModelState]) -> Declared {
    let models = models.iter().cloned().map(DeclaredModel::new).collect();
    Declared { app: "shop".into(), models, ..Declared::default() }
}

fn short_text(name: &str) -> FieldState {
    FieldState { nullable: true, ..FieldState::new(name, ColumnType::text(10)) }
}

/// The best of five.
fn best<T>(mut work: impl FnMut() -> T) -> Duration {
    let time = |_| {
        let start = Instant::now();
        std::hint::black_box(work());
        start.elapsed()
    };
    (0..5).map(time).min().unwrap()
}

fn detection(count: usize) {
    let mut models = models(count);
    let mut state = ProjectState::new();
    models.iter().for_each(|model| state.insert("shop", model.clone()));
    let same = declared(&models);
    let none = best(|| detect(&state, &same));
    models[count / 2].fields.push(short_text("added"));
    let changed = declared(&models);
    let one = best(|| detect(&state, &changed));
    println!("detect, {count} models: no change {none:?}, one change {one:?}");
}

fn create(models: &[ModelState]) -> Vec<Operation> {
    models.iter().cloned().map(|model| Operation::CreateModel { model }).collect()
}

fn first(count: usize) -> Migration {
    let first = Migration::pending("shop", None, create(&models(count)));
    sealed(Migration { name: "0001_initial".into(), ..first })
}

/// As a program outside of development carries it.
fn sealed(migration: Migration) -> Migration {
    Migration { sealed: Some(migration.checksum()), ..migration }
}

/// A history of many small migrations.
fn history(count: usize) -> Vec<Migration> {
    let mut all = vec![first(1)];
    for at in 1..count {
        let field = short_text(&format!("f{at}"));
        let operation = Operation::AddField { model: "M0000".into(), field, backfill: None };
        let parent = all[at - 1].name.clone();
        let next = Migration::pending("shop", Some(&parent), vec![operation]);
        all.push(sealed(Migration { name: format!("{:04}_f", at + 1), ..next }));
    }
    all
}

fn replay(count: usize) {
    let all = history(count);
    let texts: Vec<(String, String)> = all.iter().map(|one| (one.name.clone(), one.text())).collect();
    let read = best(|| {
        let parsed = texts.iter().map(|(name, text)| Migration::parse("shop", name, text).unwrap());
        History::new(parsed.collect()).unwrap()
    });
    let history = History::new(all).unwrap();
    let replay = best(|| history.replay().unwrap());
    println!("{count} stored migrations: reading {read:?}, replay {replay:?}");
}

/// Creating many models, and a history of many small migrations: how much of it is the database at work.
async fn applying(server: &Server, what: &str, all: Vec<Migration>) -> Result<()> {
    let raw = raw(server, &all).await?;
    let test = TestDatabase::create(server).await?;
    let database = test.database();
    let migrations = Migrations::new(vec![AppMigrations::new("shop", all)?], None)?;
    let planning = planning(database, &migrations)?;
    let start = Instant::now();
    migrate(database, &migrations, &DataSteps::default(), &Options::default(), &Quiet).await?;
    let whole = start.elapsed();
    let start = Instant::now();
    records(&test.session()).await?;
    let check = start.elapsed();
    let share = 100.0 * raw.as_secs_f64() / whole.as_secs_f64();
    println!(
        "{}, {what}: applied in {whole:?}, the same statements by hand {raw:?} ({share:.0} %), writing them {planning:?}; \
         check at start {check:?}",
        server.backend().title()
    );
    test.remove().await
}

/// How long it takes to write the statements of all migrations, the way a run does: state by state.
fn planning(database: &nuages::Database, migrations: &Migrations) -> Result<Duration> {
    let editor = Editor::new(database.backend(), database.capabilities());
    let start = Instant::now();
    let mut state = ProjectState::new();
    for one in migrations.ordered() {
        let steps = editor.steps(&mut state, &one.app, &one.operations, &mut LiveNames::default())?;
        std::hint::black_box(steps);
    }
    Ok(start.elapsed())
}

/// The statements alone: each migration in one transaction with its record, as somebody would write it by hand.
async fn raw(server: &Server, all: &[Migration]) -> Result<Duration> {
    let test = TestDatabase::create(server).await?;
    let database = test.database();
    let migrations = Migrations::new(vec![AppMigrations::new("shop", all.to_vec())?], None)?;
    let (backend, capabilities) = (database.backend(), database.capabilities());
    let written: Vec<Vec<String>> = migrations
        .ordered()
        .map(|one| statements(&migrations, one, Direction::Forward, backend, capabilities))
        .collect::<Result<_>>()?;
    let db = database.dedicated().await?;
    db.execute_script("CREATE TABLE done (name varchar(100) NOT NULL PRIMARY KEY)").await?;
    let start = Instant::now();
    for (at, statements) in written.iter().enumerate() {
        db.atomic(async |db| {
            for sql in statements {
                db.execute_script(sql.clone()).await?;
            }
            db.execute_script(format!("INSERT INTO done (name) VALUES ('{at}')")).await
        })
        .await?;
    }
    let took = start.elapsed();
    db.close().await?;
    test.remove().await?;
    Ok(took)
}

#[tokio::main]
async fn main() -> Result<()> {
    [10, 100, 1000].into_iter().for_each(detection);
    [100, 1000].into_iter().for_each(replay);
    for server in Server::found().await? {
        applying(server, "100 models", vec![first(100)]).await?;
        applying(server, "1,000 models", vec![first(1000)]).await?;
        applying(server, "100 migrations of one column", history(100)).await?;
    }
    Ok(())
}
