//! Data steps in batches: progress, one transaction or many, taken up again after `kill -9` or a request to stop.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use nuages::value::Value;
use nuages::{Database, DatabaseSettings, Db, Result};
use nuages_build::Operation;
use nuages_build::file::Migration;
use nuages_migrate::run::{Progress, Quiet, Stop};
use nuages_migrate::{AppMigrations, DataContext, DataSteps, Migrations, Options, Target, migrate};
use support::*;

const ROWS: u64 = 100;
const BATCH: u32 = 7;

/// Counts each row up once. A child stops for ever in the batch that its parent names.
#[nuages_migrate::data_step(app = "shop")]
async fn count_up(data: DataContext) -> Result<()> {
    let stop: Option<u64> = std::env::var("NUAGES_CHILD_BATCH").ok().and_then(|text| text.parse().ok());
    let batch = AtomicU64::new(0);
    for model in ["Book", "Word"] {
        let rows = data
            .batches(model, &["seen"], BATCH, |data, rows| {
                let at = batch.fetch_add(1, Ordering::Relaxed);
                async move {
                    for row in rows {
                        let Value::Int(seen) = row.get("seen")? else { continue };
                        data.update(model, row.key(), &[("seen", Value::Int(seen + 1))]).await?;
                    }
                    while stop == Some(at) {
                        println!("stopped");
                        std::thread::park();
                    }
                    Ok(())
                }
            })
            .await?;
        assert!(rows <= ROWS);
    }
    Ok(())
}

/// The same by hand: one call of `rows` is one batch.
#[nuages_migrate::data_step(app = "shop")]
async fn count_by_hand(data: DataContext) -> Result<()> {
    for (model, key) in [("Book", "id"), ("Word", "word")] {
        let mut last = None;
        loop {
            let rows = data.rows(model, &[key, "seen"], last.as_ref(), BATCH).await?;
            let Some(row) = rows.last() else { break };
            last = Some(row[0].clone());
            for row in &rows {
                let Value::Int(seen) = row[1] else { continue };
                data.update(model, &row[0], &[("seen", Value::Int(seen + 1))]).await?;
            }
        }
    }
    Ok(())
}

fn history(atomic: bool) -> Migrations {
    history_of(atomic, "count_up")
}

fn history_of(atomic: bool, step: &str) -> Migrations {
    let word = || {
        let mut word = model("Word", &[int("seen")]);
        word.fields[0] = nuages_build::state::FieldState { primary_key: true, ..text("word") };
        word
    };
    let first = vec![create(model("Book", &[int("seen")])), create(word())];
    let first = Migration { name: "0001_step".into(), ..Migration::pending("shop", None, first) };
    let operation = Operation::RunData { forward: step.into(), reverse: Some(step.into()), elidable: false };
    let second = Migration::pending("shop", Some("0001_step"), vec![operation]);
    let second = Migration { name: "0002_count".into(), atomic, ..second };
    Migrations::new(vec![AppMigrations::new("shop", vec![first, second]).unwrap()], None).unwrap()
}

async fn prepared(db: &Db, atomic: bool) -> Result<Migrations> {
    prepared_for(db, history(atomic)).await
}

async fn prepared_for(db: &Db, migrations: Migrations) -> Result<Migrations> {
    run(db, &migrations, Target::At("shop".into(), "0001".into())).await?;
    for at in 1..=ROWS {
        sql(db, &format!("INSERT INTO shop_book (id, seen) VALUES ({at}, 0)")).await;
        sql(db, &format!("INSERT INTO shop_word (word, seen) VALUES ('it''s {at} \u{e9}', 0)")).await;
    }
    Ok(migrations)
}

async fn sums(db: &Db) -> Vec<String> {
    let of = |table| {
        format!(
            "SELECT CAST(MIN(seen) AS TEXT) FROM {table} UNION ALL SELECT CAST(MAX(seen) AS TEXT) FROM {table}"
        )
    };
    let (books, words) = (column(db, &of("shop_book")).await, column(db, &of("shop_word")).await);
    [books, words].concat()
}

#[derive(Default)]
struct Heard(Mutex<Vec<(u64, u64)>>);

impl Progress for Heard {
    fn rows(&self, step: &str, done: u64, all: u64) {
        assert_eq!(step, "count_up");
        self.0.lock().unwrap().push((done, all));
    }
}

#[tokio::test]
async fn every_row_is_given_once_and_progress_is_told() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        for atomic in [true, false] {
            let migrations = prepared(&db, atomic).await?;
            let heard = Heard::default();
            migrate(db.database(), &migrations, &DataSteps::registered(), &Options::default(), &heard)
                .await?;
            assert_eq!(sums(&db).await, ["1"; 4], "atomic {atomic} on {}", db.backend().title());
            let told = heard.0.into_inner().unwrap();
            assert_eq!(told.last(), Some(&(2 * ROWS, 2 * ROWS)), "{told:?}");
            assert!(told.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{told:?}");
            run(&db, &migrations, Target::Zero("shop".into())).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_loop_by_hand_sees_every_row_once() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let migrations = prepared_for(&db, history_of(true, "count_by_hand")).await?;
        up(&db, &migrations).await?;
        assert_eq!(sums(&db).await, ["1"; 4], "{}", db.backend().title());
        Ok(())
    })
    .await
}

/// What the child process does; nothing when it is called as a test.
#[tokio::test]
async fn in_a_child() -> Result<()> {
    let Ok(url) = std::env::var("NUAGES_CHILD_URL") else { return Ok(()) };
    let atomic = std::env::var_os("NUAGES_CHILD_ATOMIC").is_some();
    let database = Database::connect(&DatabaseSettings::new(url)).await?;
    migrate(&database, &history(atomic), &DataSteps::registered(), &Options::default(), &Quiet)
        .await
        .map(drop)
}

/// Runs a child until it stops in a batch, and kills it; whether it stopped at all.
fn kill_in(db: &Db, batch: u64, atomic: bool) -> bool {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "in_a_child", "--nocapture", "--test-threads=1"])
        .env("NUAGES_CHILD_URL", &db.database().settings().url)
        .env("NUAGES_CHILD_BATCH", batch.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if atomic {
        command.env("NUAGES_CHILD_ATOMIC", "1");
    }
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let stopped = lines.map_while(|line| line.ok()).any(|line| line.contains("stopped"));
    child.kill().unwrap();
    child.wait().unwrap();
    stopped
}

#[tokio::test]
async fn killed_in_a_batch_it_goes_on_with_that_batch() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        for (atomic, batch) in [(true, 3), (false, 0), (false, 3), (false, 14), (false, 15), (false, 29)] {
            let what = format!("atomic {atomic}, batch {batch} on {}", db.backend().title());
            let migrations = prepared(&db, atomic).await?;
            assert!(kill_in(&db, batch, atomic), "{what}: the child did not stop");
            let done: u64 =
                column(&db, "SELECT CAST(SUM(seen) AS TEXT) FROM shop_book").await[0].parse().unwrap();
            let kept = if atomic { 0 } else { (batch * u64::from(BATCH)).min(ROWS) };
            assert_eq!(done, kept, "{what}: the batches before it hold, and no more");
            let heard = Heard::default();
            migrate(db.database(), &migrations, &DataSteps::registered(), &Options::default(), &heard)
                .await?;
            assert_eq!(sums(&db).await, ["1"; 4], "{what}");
            if !atomic {
                let left = heard.0.into_inner().unwrap().last().unwrap().1;
                assert!(left <= 2 * ROWS - kept, "{what}: {left} rows were given again");
            }
            run(&db, &migrations, Target::Zero("shop".into())).await?;
        }
        Ok(())
    })
    .await
}

/// Asks a run to stop as soon as it hears of rows.
struct StopEarly(Stop);

impl Progress for StopEarly {
    fn step(&self, _step: &nuages_migrate::editor::Step) {
        self.0.ask();
    }
}

#[tokio::test]
async fn asked_to_stop_it_ends_after_a_batch_and_goes_on_later() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        for atomic in [true, false] {
            let migrations = prepared(&db, atomic).await?;
            let options = Options::default();
            let early = StopEarly(options.stop.clone());
            let stopped =
                migrate(db.database(), &migrations, &DataSteps::registered(), &options, &early).await;
            let error = stopped.unwrap_err().to_string();
            assert!(
                error.contains("stopped as asked: what was done holds, and `migrate` goes on from here"),
                "{error}"
            );
            let done = column(&db, "SELECT CAST(SUM(seen) AS TEXT) FROM shop_book").await;
            assert_eq!(done, [if atomic { "0" } else { "7" }], "on {}", db.backend().title());
            up(&db, &migrations).await?;
            assert_eq!(sums(&db).await, ["1"; 4], "atomic {atomic} on {}", db.backend().title());
            run(&db, &migrations, Target::Zero("shop".into())).await?;
        }
        Ok(())
    })
    .await
}

#[nuages_migrate::data_step(app = "shop")]
async fn panics(_data: DataContext) -> Result<()> {
    panic!("a data step that breaks");
}

#[nuages_migrate::data_step(app = "shop")]
async fn never_ends(_data: DataContext) -> Result<()> {
    std::future::pending().await
}

/// However a run ends, the lock goes with it and the next one begins at once.
#[tokio::test(flavor = "multi_thread")]
async fn the_lock_goes_with_its_run_whatever_happens() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let with = |name: &str| {
            let step = Operation::RunData { forward: name.into(), reverse: None, elidable: false };
            line(&[vec![create(model("Book", &[int("seen")]))], vec![step]])
        };
        run(&db, &with("panics"), Target::At("shop".into(), "0001".into())).await?;
        let once = Options { lock_timeout: std::time::Duration::from_secs(5), ..Options::default() };
        let steps = DataSteps::registered();
        let (database, panicking) = (db.database().clone(), with("panics"));
        let broken = tokio::spawn(async move {
            migrate(&database, &panicking, &DataSteps::registered(), &Options::default(), &Quiet).await
        });
        assert!(broken.await.unwrap_err().is_panic());
        let endless = with("never_ends");
        let cut = std::time::Duration::from_millis(300);
        let cut = tokio::time::timeout(cut, migrate(db.database(), &endless, &steps, &once, &Quiet)).await;
        assert!(cut.is_err(), "it was dropped while it ran");
        let missing = with("not_there");
        let error = migrate(db.database(), &missing, &steps, &once, &Quiet).await.unwrap_err().to_string();
        let text = "migration shop.0002_step failed; what came before it holds. Mend the cause and run `migrate` again";
        assert!(error.contains(text) && error.contains("is not in this binary"), "{error}");
        let good = line(&[vec![create(model("Book", &[int("seen")]))], vec![]]);
        migrate(db.database(), &good, &steps, &once, &Quiet).await.map(drop)
    })
    .await
}
