//! Sixteen tasks on one SQLite file, some of what they do being writes (O11), and how many statements a saved row
//! sends (O12).

use std::time::{Duration, Instant};

use nuages::prelude::*;
use nuages::{Database, DatabaseSettings};
use sqlx::{Connection as _, SqliteConnection, SqlitePool};

use crate::Result;
use crate::ours::{Book, text};

const TASKS: i64 = 16;
/// What each task does, one thing after the other.
const STEPS: i64 = 500;
const READ: &str = "SELECT pages FROM book WHERE id = $1";
const WRITE: &str = "UPDATE book SET edition = $1 WHERE id = $2";

/// Who does it. Each commit waits for the disk, on both sides.
#[derive(Clone)]
enum Side {
    Ours(Database),
    Typical(SqlitePool),
}

/// What the tasks of one side have met.
#[derive(Default)]
struct Met {
    reads: Vec<Duration>,
    writes: usize,
    errors: usize,
}

/// Runs both mixtures.
pub(crate) async fn run(url: &str) -> Result {
    let database = Database::connect(&DatabaseSettings::new(url)).await.map_err(text)?;
    saves(&database).await?;
    let sides =
        [("nuages", Side::Ours(database)), ("typical", Side::Typical(SqlitePool::connect(url).await?))];
    println!("one writer alone: {:.0} writes a second", alone(url).await?);
    for reads_of_ten in [9, 5] {
        for (name, side) in &sides {
            let (met, took) = together(side, reads_of_ten).await?;
            report(&format!("{}0 % reads, {name}", reads_of_ten), met, took);
        }
    }
    for (name, side) in &sides {
        let (met, took) = together(side, 10).await?;
        report(&format!("reads only, {name}"), met, took);
    }
    Ok(())
}

async fn together(side: &Side, reads_of_ten: i64) -> Result<(Met, Duration)> {
    let begin = Instant::now();
    let tasks: Vec<_> = (0..TASKS).map(|task| tokio::spawn(work(side.clone(), task, reads_of_ten))).collect();
    let mut all = Met::default();
    for task in tasks {
        let met = task.await?;
        all.reads.extend(met.reads);
        all.writes += met.writes;
        all.errors += met.errors;
    }
    Ok((all, begin.elapsed()))
}

async fn work(side: Side, task: i64, reads_of_ten: i64) -> Met {
    let mut met = Met::default();
    for step in 0..STEPS {
        let key = (task * STEPS + step) * 7919 % 10_000 + 1;
        let begin = Instant::now();
        if step % 10 < reads_of_ten {
            met.errors += usize::from(read(&side, key).await.is_err());
            met.reads.push(begin.elapsed());
        } else {
            met.errors += usize::from(write(&side, key, step % 4).await.is_err());
            met.writes += 1;
        }
    }
    met
}

async fn read(side: &Side, key: i64) -> Result {
    match side {
        Side::Ours(database) => {
            let book = Book::objects().filter(|b| b.id.eq(key)).values(|b| b.pages);
            book.get(&database.session()).await.map_err(text)?;
        }
        Side::Typical(pool) => {
            sqlx::query(READ).bind(key).fetch_one(pool).await?;
        }
    }
    Ok(())
}

async fn write(side: &Side, key: i64, edition: i64) -> Result {
    match side {
        Side::Ours(database) => {
            let book = Book::objects().filter(|b| b.id.eq(key));
            book.update(&database.session(), |b| b.edition.set(edition as i32)).await.map_err(text)?;
        }
        Side::Typical(pool) => {
            sqlx::query(WRITE).bind(edition).bind(key).execute(pool).await?;
        }
    }
    Ok(())
}

/// How many writes a second one connection makes that does nothing else.
async fn alone(url: &str) -> Result<f64> {
    let mut connection = SqliteConnection::connect(url).await?;
    let begin = Instant::now();
    for step in 0..1000_i64 {
        let query = sqlx::query(WRITE).bind(step % 4).bind(step * 7919 % 10_000 + 1);
        query.execute(&mut connection).await?;
    }
    Ok(1000.0 / begin.elapsed().as_secs_f64())
}

fn report(name: &str, mut met: Met, took: Duration) {
    met.reads.sort_unstable();
    let at = |share: usize| met.reads[(met.reads.len() - 1) * share / 100].as_secs_f64() * 1e6;
    println!(
        "{name:<22}{:>8.0} writes/s{:>9.0} reads/s   read p50 {:>6.0} us, p99 {:>7.0} us, {} errors",
        met.writes as f64 / took.as_secs_f64(),
        met.reads.len() as f64 / took.as_secs_f64(),
        at(50),
        at(99),
        met.errors
    );
}

/// Statements of a row that is saved as it was, and with one column changed.
async fn saves(database: &Database) -> Result {
    let db = database.session();
    let mut book = Book::objects().filter(|b| b.id.eq(7)).get(&db).await.map_err(text)?;
    let before = db.query_count();
    book.change(&db, |_| {}).await.map_err(text)?;
    let unchanged = db.query_count() - before;
    book.change(&db, |b| b.edition += 1).await.map_err(text)?;
    println!(
        "O12 a row saved as it was: {unchanged} statements; with one column changed: {}",
        db.query_count() - before - unchanged
    );
    Ok(())
}
