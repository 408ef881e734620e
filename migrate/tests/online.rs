//! Large tables on PostgreSQL are changed beside running writes, and locks are asked for instead of waited for.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use nuages::{Db, Error, Result};
use nuages_build::state::{CheckState, FieldState, IndexState, UniqueState};
use nuages_build::{Backfill, Literal, Operation};
use nuages_migrate::editor::Step;
use nuages_migrate::run::{Progress, Quiet};
use nuages_migrate::{DataSteps, Migrations, Options, Target, migrate};
use nuages_schema::Backend;
use support::*;

fn history() -> Migrations {
    let of = || "Book".to_owned();
    let first = vec![
        create(model("Author", &[text("name")])),
        create(model("Book", &[text("title"), int("pages"), null(int("stock")), int("author")])),
    ];
    let second = vec![
        Operation::AddIndex {
            model: of(),
            index: IndexState { name: None, fields: vec!["pages".into()], ..IndexState::default() },
        },
        Operation::AddUnique {
            model: of(),
            unique: UniqueState { name: None, fields: vec!["title".into()], ..UniqueState::default() },
        },
        Operation::AddCheck {
            model: of(),
            check: CheckState { name: "long".into(), sql: "\"pages\" > 0".into() },
        },
        Operation::AlterField {
            model: of(),
            field: int("stock"),
            backfill: Some(Backfill::Value(Literal::Int(7))),
        },
        Operation::AlterField {
            model: of(),
            field: FieldState { column: "author".into(), index: true, ..null(key("author", "Author")) },
            backfill: None,
        },
        Operation::AddField { model: of(), field: null(key("editor", "Author")), backfill: None },
        Operation::AddField {
            model: of(),
            field: null(text("isbn")),
            backfill: Some(Backfill::Sql { sql: "UPPER(\"title\")".into() }),
        },
    ];
    line(&[first, second])
}

const ROWS: &str = "\
    INSERT INTO shop_author (name) SELECT 'author ' || n FROM generate_series(1, 100) n;
    INSERT INTO shop_book (title, pages, author) SELECT 'book ' || n, n, 1 + n % 100 FROM generate_series(1, 20000) n;";

async fn prepared(db: &Db) -> Result<Migrations> {
    let migrations = history();
    run(db, &migrations, Target::At("shop".into(), "0001".into())).await?;
    db.execute_script(ROWS).await?;
    Ok(migrations)
}

/// Remembers the steps, and how often a lock was not to be had.
#[derive(Default)]
struct Heard {
    steps: Mutex<Vec<String>>,
    retries: AtomicU32,
}

impl Progress for Heard {
    fn step(&self, step: &Step) {
        self.steps.lock().unwrap().extend(step.sql());
    }

    fn retry(&self, _tries: u32, _of: u32, _why: &Error) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }
}

async fn on_postgres(test: impl AsyncFn(Db) -> Result<()>) -> Result<()> {
    nuages::test::on_each_database(async |db| match db.backend() {
        Backend::Postgres => test(db).await,
        _ => Ok(()),
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn large_tables_are_changed_beside_running_writes() -> Result<()> {
    on_postgres(async |db| {
        let migrations = prepared(&db).await?;
        let over = std::sync::Arc::new(AtomicBool::new(false));
        let writer = tokio::spawn(write_until(db.detached(), std::sync::Arc::clone(&over)));
        let heard = Heard::default();
        migrate(db.database(), &migrations, &DataSteps::default(), &Options::default(), &heard).await?;
        over.store(true, Ordering::Relaxed);
        let (written, slowest) = writer.await.unwrap()?;
        assert_equal(&db, &state(&migrations, 2), "online").await;
        let steps = heard.steps.into_inner().unwrap();
        let count = |word: &str| steps.iter().filter(|sql| sql.contains(word)).count();
        assert_eq!(count("INDEX CONCURRENTLY"), 4, "{steps:#?}");
        assert_eq!((count("NOT VALID"), count("VALIDATE CONSTRAINT")), (4, 4), "{steps:#?}");
        let open = "SELECT conname::text FROM pg_constraint WHERE NOT convalidated";
        assert_eq!(column(&db, open).await, [""; 0]);
        assert!(written > 0, "nobody wrote while it ran");
        println!(
            "PostgreSQL: {written} rows written while 20,000 were migrated, the slowest waited {slowest:?}"
        );
        Ok(())
    })
    .await
}

/// Writes rows one after the other; how many, and how long the slowest took.
async fn write_until(db: Db, over: std::sync::Arc<AtomicBool>) -> Result<(u32, Duration)> {
    let (mut written, mut slowest) = (0, Duration::ZERO);
    while !over.load(Ordering::Relaxed) {
        let start = Instant::now();
        db.execute_script(format!(
            "INSERT INTO shop_book (title, pages, stock, author) VALUES ('new {written}', 1, 1, 1)"
        ))
        .await?;
        slowest = slowest.max(start.elapsed());
        written += 1;
    }
    Ok((written, slowest))
}

#[tokio::test]
async fn small_tables_are_changed_in_one_transaction() -> Result<()> {
    on_postgres(async |db| {
        let migrations = history();
        run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
        db.execute_script(
            "INSERT INTO shop_author (name) VALUES ('a'); INSERT INTO shop_book (title, pages, author) VALUES ('b', 0, 1)",
        )
        .await?;
        let error = up(&db, &migrations).await.unwrap_err().to_string();
        assert!(error.contains("ADD CONSTRAINT \\\"long\\\" CHECK"), "{error}");
        assert_equal(&db, &state(&migrations, 1), "everything was undone").await;
        db.execute_script("UPDATE shop_book SET pages = 1").await?;
        up(&db, &migrations).await?;
        assert_equal(&db, &state(&migrations, 2), "mended").await;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_broken_index_is_dropped_and_built_again() -> Result<()> {
    on_postgres(async |db| {
        let migrations = prepared(&db).await?;
        db.execute_script("UPDATE shop_book SET title = 'book 1' WHERE title = 'book 2'").await?;
        let error = up(&db, &migrations).await.unwrap_err().to_string();
        for part in [
            "migration shop.0002_step failed; what came before it holds. Mend the cause and run `migrate` again",
            "step 2 of 21 failed; step 1 holds and will not run again",
            "CREATE UNIQUE INDEX CONCURRENTLY",
        ] {
            assert!(error.contains(part), "{error}");
        }
        let invalid = "SELECT count(*)::text FROM pg_index WHERE NOT indisvalid";
        assert_eq!(column(&db, invalid).await, ["1"], "PostgreSQL leaves it behind");
        db.execute_script("UPDATE shop_book SET title = 'book 2' WHERE title = 'book 1' AND pages = 2").await?;
        up(&db, &migrations).await?;
        assert_equal(&db, &state(&migrations, 2), "built again").await;
        assert_eq!(column(&db, invalid).await, ["0"]);
        run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
        assert_equal(&db, &state(&migrations, 1), "taken back online").await;
        Ok(())
    })
    .await
}

fn impatient(tries: u32) -> Options {
    Options { lock_wait: Duration::from_millis(200), lock_tries: tries, ..Options::default() }
}

/// A migration that needs a lock on a table, while a long transaction reads it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_lock_that_is_not_to_be_had_is_asked_for_again() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        if db.backend() == Backend::Sqlite {
            return Ok(()); // there are no locks of tables
        }
        let of = || "Author".to_owned();
        let column = Operation::AddField { model: of(), field: null(int("age")), backfill: None };
        let migrations = line(&[vec![create(model("Author", &[text("name")]))], vec![column]]);
        run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
        let reader = db.database().dedicated().await?;
        reader.execute_script("BEGIN").await?;
        reader.fetch("SELECT name FROM shop_author".into()).await?;
        let error = migrate(db.database(), &migrations, &DataSteps::default(), &impatient(2), &Quiet).await;
        let error = error.unwrap_err().to_string();
        assert!(error.contains("a lock was not to be had in 2 tries"), "{error}");
        let (other, end) = (db.detached(), tokio::time::sleep(Duration::from_millis(2_500)));
        let passing = tokio::spawn(async move {
            end.await;
            let start = Instant::now();
            other.fetch("SELECT name FROM shop_author".into()).await?;
            let waited = start.elapsed();
            reader.execute_script("COMMIT").await?;
            reader.close().await?;
            Ok::<Duration, Error>(waited)
        });
        let heard = Heard::default();
        migrate(db.database(), &migrations, &DataSteps::default(), &impatient(50), &heard).await?;
        let waited = passing.await.unwrap()?;
        assert!(heard.retries.into_inner() > 0, "it waited for the reader");
        assert!(waited < Duration::from_secs(2), "others pass between the tries, this one waited {waited:?}");
        assert_equal(&db, &state(&migrations, 2), "after waiting").await;
        Ok(())
    })
    .await
}

/// Remembers the statements as they were sent.
#[derive(Default)]
struct Sent(Mutex<Vec<String>>);

impl Progress for Sent {
    fn sent(&self, sql: &str) {
        self.0.lock().unwrap().push(sql.to_owned());
    }
}

/// MySQL and MariaDB are asked for the way that holds nobody up, and one that they refuse is no failure.
#[tokio::test]
async fn mysql_is_asked_to_change_tables_beside_writes() -> Result<()> {
    nuages::test::on_each_database(async |db| {
        if db.backend() != Backend::Mysql {
            return Ok(());
        }
        let of = || "Book".to_owned();
        let alter = |field: FieldState| Operation::AlterField { model: of(), field, backfill: None };
        let index = IndexState { fields: vec!["pages".into()], ..IndexState::default() };
        let steps = [
            vec![create(model("Book", &[text("title"), int("pages")]))],
            vec![Operation::AddField { model: of(), field: null(int("stock")), backfill: None }],
            vec![Operation::AddIndex { model: of(), index }],
            vec![alter(null(plain("stock", nuages_schema::ColumnKind::Text)))],
        ];
        let migrations = line(&steps);
        run(&db, &migrations, Target::At("shop".into(), "0001".into())).await?;
        sql(&db, "INSERT INTO \"shop_book\" (\"title\", \"pages\") VALUES ('a', 1), ('b', 2)").await;
        let sent = Sent::default();
        migrate(db.database(), &migrations, &DataSteps::default(), &Options::default(), &sent).await?;
        let (instant, beside) = (", ALGORITHM=INSTANT", ", ALGORITHM=INPLACE, LOCK=NONE");
        let add = "ALTER TABLE `shop_book` ADD COLUMN `stock` int NULL";
        let index = "ALTER TABLE `shop_book` ADD INDEX `shop_book_pages_04775cbb_idx` (`pages`)";
        let modify = "ALTER TABLE `shop_book` MODIFY COLUMN `stock` longtext NULL";
        let expected = [
            // Taken at once.
            format!("{add}{instant}"),
            // Nothing is instant about an index, but writes go on.
            format!("{index}{instant}"),
            format!("{index}{beside}"),
            // Every row is written anew, which has to be said without a word about how.
            format!("{modify}{instant}"),
            format!("{modify}{beside}"),
            modify.to_owned(),
        ];
        assert_eq!(*sent.0.lock().unwrap(), expected);
        assert_equal(&db, &state(&migrations, 4), "asked").await;
        assert_eq!(column(&db, "SELECT \"title\" FROM \"shop_book\" ORDER BY 1").await, ["a", "b"]);
        Ok(())
    })
    .await
}
