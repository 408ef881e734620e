//! Killed and crowded: a run that was killed is repaired by running it again, and of many migrators at once
//! every one ends well.
#![allow(missing_docs, clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, reason = "the process is meant to stand still until it is killed")]

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use nuages::{Database, DatabaseSettings, Db, Result};
use nuages_build::state::{CheckState, ColumnType, FieldState, IndexState, ManyToManyState, UniqueState};
use nuages_build::{Backfill, Literal, Operation, SqlStatements, SqlText};
use nuages_migrate::editor::Step;
use nuages_migrate::introspect::introspect;
use nuages_migrate::run::{Lock, Progress, Quiet};
use nuages_migrate::{AppMigrations, DataSteps, Migrations, Options, Target, migrate};
use support::*;

/// How the second migration runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// As migrations do by themselves.
    Usual,
    /// Beside running writes.
    Online,
    /// Cut at each step, as it says `atomic = false`, and with a statement that no transaction takes.
    Cut,
}

/// A first migration, and one that does a little of everything to its tables.
fn history(way: Way) -> Migrations {
    let mut book = model("Book", &[text("title"), int("pages"), key("author", "Author"), null(int("stock"))]);
    let fields = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    book.indexes.push(IndexState { fields: fields(&["pages", "title"]), ..IndexState::default() });
    let first = vec![
        create(model("Author", &[text("name")])),
        create(book),
        create(model("Tag", &[text("word")])),
        Operation::AddManyToMany { model: "Book".into(), relation: relation("Book", "tags", "Tag") },
    ];
    let mut second = changes();
    if way != Way::Cut {
        return line(&[first, second]);
    }
    let vacuum = SqlText::All(SqlStatements::One("VACUUM shop_author".into()));
    second.insert(3, Operation::RunSql { forward: vacuum, reverse: None, elidable: false });
    let mut both = line(&[first, second]).apps()[0].history.migrations().to_vec();
    both[1].atomic = false;
    Migrations::new(vec![AppMigrations::new("shop", both).unwrap()], None).unwrap()
}

/// A little of everything.
fn changes() -> Vec<Operation> {
    let fields = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let of = || "Book".to_owned();
    let increment = "UPDATE shop_author SET name = CONCAT(name, '!')";
    let lite = SqlStatements::One("UPDATE shop_author SET name = name || '!'".into());
    let sql = SqlText::Each {
        sqlite: Some(lite),
        postgres: Some(SqlStatements::One(increment.into())),
        mysql: Some(SqlStatements::One(increment.into())),
    };
    let moved = ManyToManyState {
        name: "labels".into(),
        table: "shop_book_labels".into(),
        ..relation("Book", "tags", "Tag")
    };
    let second = vec![
        Operation::AddField {
            model: of(),
            field: text("isbn"),
            backfill: Some(Backfill::Sql { sql: "UPPER(\"title\")".into() }),
        },
        Operation::AlterField {
            model: of(),
            field: int("stock"),
            backfill: Some(Backfill::Value(Literal::Int(7))),
        },
        Operation::RunSql { forward: sql, reverse: None, elidable: false },
        Operation::RenameField {
            model: of(),
            from: "pages".into(),
            to: "length".into(),
            column: "length".into(),
        },
        Operation::AlterField {
            model: "Author".into(),
            field: FieldState { data: ColumnType::text(300), ..text("name") },
            backfill: None,
        },
        Operation::AddUnique {
            model: of(),
            unique: UniqueState { fields: fields(&["isbn", "author"]), ..UniqueState::default() },
        },
        Operation::AddCheck {
            model: of(),
            check: CheckState { name: "long".into(), sql: "\"length\" > 0".into() },
        },
        Operation::AddField { model: of(), field: null(key("editor", "Author")), backfill: None },
        Operation::AlterManyToMany { model: of(), from: "tags".into(), relation: moved },
    ];
    [second, shelves()].concat()
}

/// Tables one after the other, for which one mark in the journal stands.
fn shelves() -> Vec<Operation> {
    let shelf = create(model("Shelf", &[key("book", "Book")]));
    vec![
        shelf,
        create(model("Room", &[key("shelf", "Shelf")])),
        create(model("House", &[key("room", "Room")])),
    ]
}

const ROWS: &str = "\
    INSERT INTO \"shop_author\" (\"id\", \"name\") VALUES (1, 'Ursula'), (2, 'Italo');
    INSERT INTO \"shop_book\" (\"id\", \"title\", \"pages\", \"author_id\") VALUES (1, 'Dispossessed', 387, 1), (2, 'Cities', 165, 2);
    INSERT INTO \"shop_tag\" (\"id\", \"word\") VALUES (1, 'utopia'), (2, 'city');
    INSERT INTO \"shop_book_tags\" (\"id\", \"book_id\", \"tag_id\") VALUES (1, 1, 1), (2, 2, 2), (3, 2, 1);";

async fn prepared(db: &Db, way: Way) -> Result<Migrations> {
    let migrations = history(way);
    run(db, &migrations, Target::At("shop".into(), "0001".into())).await?;
    sql(db, ROWS).await;
    Ok(migrations)
}

/// What the rows must be after both migrations, whatever happened on the way.
async fn assert_done(db: &Db, migrations: &Migrations, what: &str) {
    assert_equal(db, &state(migrations, 2), what).await;
    let names = "SELECT \"name\" FROM \"shop_author\" ORDER BY \"id\"";
    assert_eq!(column(db, names).await, ["Ursula!", "Italo!"], "{what}: rows were changed once");
    let isbn = "SELECT \"isbn\" FROM \"shop_book\" WHERE \"stock\" = 7 AND \"length\" > 100 ORDER BY \"id\"";
    assert_eq!(column(db, isbn).await, ["DISPOSSESSED", "CITIES"], "{what}");
    assert_eq!(column(db, "SELECT CAST(COUNT(*) AS TEXT) FROM \"shop_book_labels\"").await, ["3"], "{what}");
}

/// Counts what happens before and after steps, and stops for ever at one of them, to be killed.
#[derive(Default)]
struct StopAt {
    stop: Option<usize>,
    count: AtomicUsize,
}

impl StopAt {
    fn count(&self) {
        let at = self.count.fetch_add(1, Ordering::Relaxed);
        if self.stop == Some(at) {
            println!("stopped");
            // Not asleep but parked: the parent kills the process.
            loop {
                std::thread::park();
            }
        }
    }
}

impl Progress for StopAt {
    fn step(&self, _step: &Step) {
        self.count();
    }

    fn stepped(&self, _step: &Step) {
        self.count();
    }
}

/// What the child process does. Called as a plain test it proves that the whole history runs.
#[tokio::test]
async fn in_a_child() -> Result<()> {
    let Ok(url) = std::env::var("NUAGES_CHILD_URL") else {
        return nuages::test::on_each_database(async |db| {
            let migrations = prepared(&db, Way::Usual).await?;
            up(&db, &migrations).await?;
            assert_done(&db, &migrations, "undisturbed").await;
            Ok(())
        })
        .await;
    };
    let stop = std::env::var("NUAGES_CHILD_STOP").ok().and_then(|text| text.parse().ok());
    let database = Database::connect(&DatabaseSettings::new(url)).await?;
    println!("started");
    let progress = StopAt { stop, ..StopAt::default() };
    let way = match std::env::var("NUAGES_CHILD_WAY").as_deref() {
        Ok("Online") => Way::Online,
        Ok("Cut") => Way::Cut,
        _ => Way::Usual,
    };
    let options = match way {
        Way::Online => Options { online_above: 0, ..Options::default() },
        _ => Options::default(),
    };
    migrate(&database, &history(way), &DataSteps::default(), &options, &progress).await.map(drop)
}

fn child(db: &Db, stop: Option<usize>, way: Way) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "in_a_child", "--nocapture", "--test-threads=1"]);
    command
        .env("NUAGES_CHILD_URL", &db.database().settings().url)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Some(stop) = stop {
        command.env("NUAGES_CHILD_STOP", stop.to_string());
    }
    command.env("NUAGES_CHILD_WAY", format!("{way:?}"));
    command.spawn().unwrap()
}

/// Waits for a word of the child; `false` if it ended without saying it.
fn wait_for(child: &mut Child, word: &str) -> bool {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.map_while(|line| line.ok()).any(|line| line.contains(word))
}

#[tokio::test]
async fn killed_before_and_after_every_step_it_converges() -> Result<()> {
    nuages::test::on_each_database(async |db| killed_everywhere(&db, Way::Usual).await).await
}

/// PostgreSQL with indexes built concurrently and constraints looked at later: what is not one transaction.
#[tokio::test]
async fn killed_before_and_after_every_online_step_it_converges() -> Result<()> {
    nuages::test::on_each_database(async |db| match db.backend() {
        nuages_schema::Backend::Postgres => killed_everywhere(&db, Way::Online).await,
        _ => Ok(()),
    })
    .await
}

/// PostgreSQL, and a migration that says `atomic = false`: SQL of its own that must run once does.
#[tokio::test]
async fn killed_before_and_after_every_step_of_a_migration_that_is_cut_it_converges() -> Result<()> {
    nuages::test::on_each_database(async |db| match db.backend() {
        nuages_schema::Backend::Postgres => killed_everywhere(&db, Way::Cut).await,
        _ => Ok(()),
    })
    .await
}

async fn killed_everywhere(db: &Db, way: Way) -> Result<()> {
    let migrations = prepared(db, way).await?;
    let (mut stop, start) = (0, Instant::now());
    loop {
        let mut process = child(db, Some(stop), way);
        let stopped = wait_for(&mut process, "stopped");
        process.kill().unwrap();
        process.wait().unwrap();
        up(db, &migrations).await?;
        assert_done(db, &migrations, &format!("killed at moment {stop}")).await;
        again(db, &migrations).await;
        if !stopped {
            break;
        }
        stop += 1;
    }
    let (title, took) = (db.backend().title(), start.elapsed());
    println!("{title}, {way:?}: killed at {stop} moments, converged each time, {took:?}");
    assert!(stop > 16, "the child stopped only {stop} times");
    Ok(())
}

#[tokio::test]
async fn killed_at_any_moment_it_converges() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let migrations = prepared(&db, Way::Usual).await?;
        let start = Instant::now();
        for round in 0..12_u64 {
            let mut process = child(&db, None, Way::Usual);
            wait_for(&mut process, "started");
            tokio::time::sleep(Duration::from_millis(round * 13 % 97)).await;
            process.kill().unwrap();
            process.wait().unwrap();
            up(&db, &migrations).await?;
            assert_done(&db, &migrations, &format!("killed in round {round}")).await;
            again(&db, &migrations).await;
        }
        println!(
            "{}: killed at 12 moments, converged each time, {:?}",
            db.backend().title(),
            start.elapsed()
        );
        Ok(())
    })
    .await
}

/// Back to rows in the first shape.
async fn again(db: &Db, migrations: &Migrations) {
    let tables = live(db).await;
    let own = db.database().dedicated().await.unwrap();
    let lite = own.backend() == nuages_schema::Backend::Sqlite;
    let off = if lite { "PRAGMA foreign_keys = OFF" } else { "SET FOREIGN_KEY_CHECKS = 0" };
    let cascade = if own.backend() == nuages_schema::Backend::Postgres { " CASCADE" } else { "" };
    if cascade.is_empty() {
        sql(&own, off).await;
    }
    for table in tables.keys() {
        sql(&own, &format!("DROP TABLE \"{table}\"{cascade}")).await;
    }
    sql(&own, "DELETE FROM nuages_migrations").await;
    if introspect(&own).await.unwrap().contains_key("nuages_migration_journal") {
        assert_eq!(column(&own, "SELECT name FROM nuages_migration_journal").await, [""; 0]);
    }
    own.close().await.unwrap();
    run(db, migrations, Target::At("shop".into(), "0001".into())).await.unwrap();
    sql(db, ROWS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_migrators_at_once_all_end_well() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let migrations = prepared(&db, Way::Usual).await?;
        let start = Instant::now();
        let runs: Vec<_> = (0..8)
            .map(|_| {
                let (url, migrations) = (db.database().settings().url.clone(), migrations.clone());
                tokio::spawn(async move {
                    let database = Database::connect(&DatabaseSettings::new(url)).await?;
                    let done =
                        migrate(&database, &migrations, &DataSteps::default(), &Options::default(), &Quiet)
                            .await;
                    database.close().await;
                    done
                })
            })
            .collect();
        let mut applied = Vec::new();
        for one in runs {
            applied.extend(one.await.unwrap()?.applied);
        }
        assert_eq!(applied, ["shop.0002_step"], "applied once");
        assert_done(&db, &migrations, "eight at once").await;
        println!("{}: 8 migrators at once, {:?}", db.backend().title(), start.elapsed());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_lock_that_is_held_names_its_holder() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let holder = db.database().dedicated().await?;
        let lock = Lock::take(&holder, Duration::ZERO, &Quiet).await?;
        let options = Options { lock_timeout: Duration::from_millis(200), ..Options::default() };
        let error = migrate(db.database(), &history(Way::Usual), &DataSteps::default(), &options, &Quiet)
            .await
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("another migrator is at work ("), "{error}");
        assert!(!error.contains("unknown"), "{error}");
        lock.release(&holder).await;
        holder.close().await?;
        up(&db, &history(Way::Usual)).await.map(drop)
    })
    .await
}
