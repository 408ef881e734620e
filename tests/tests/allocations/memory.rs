//! What is held in memory while many rows go by: a stream holds a chunk, and so do changes that receivers hear of.

use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::TryStreamExt;
use nuages::backend::{Backend, Statement};
use nuages::prelude::*;
use nuages::receiver;

/// No more than this, whatever the number of rows.
const MOST_MIB: u64 = 16;

/// A row of about a kilobyte.
#[derive(Model, Clone, Debug)]
#[model(app_label = "nuages_tests", display = "{id}")]
pub struct Heavy {
    pub id: i64,
    pub count: i64,
    pub text: String,
}

/// A row of a few bytes.
#[derive(Model, Clone, Debug)]
#[model(app_label = "nuages_tests", display = "{id}")]
pub struct Light {
    pub id: i64,
    pub count: i64,
    #[field(max_length = 20)]
    pub text: String,
}

static TOLD: AtomicU64 = AtomicU64::new(0);

#[receiver(pre_save, post_save, pre_delete, post_delete)]
async fn weighed(_db: &Db, row: &Heavy) -> Result<()> {
    assert_eq!(row.text.len(), 1000);
    if TOLD.fetch_add(1, Ordering::Relaxed).is_multiple_of(500) {
        PEAK.fetch_max(resident_kib(), Ordering::Relaxed);
    }
    Ok(())
}

static PEAK: AtomicU64 = AtomicU64::new(0);
/// The tests of this file look at the memory of the whole process.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// What the process has in memory now; 0 where nobody tells.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// `NUAGES_MEMORY_ROWS` makes it longer.
fn rows(usual: u64) -> u64 {
    std::env::var("NUAGES_MEMORY_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(usual)
}

async fn fill(db: &Db, table: &str, count: u64, text: usize) -> Result<()> {
    let numbers = match db.backend() {
        Backend::Postgres => format!("SELECT n FROM generate_series(1, {count}) AS s(n)"),
        Backend::Sqlite => format!(
            "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s"
        ),
        Backend::Mysql => {
            let digits = (0..10).map(|n| format!("SELECT {n} AS n")).collect::<Vec<_>>().join(" UNION ALL ");
            let places: Vec<String> = (0..6).map(|at| format!("({digits}) AS d{at}")).collect();
            let sum: Vec<String> = (0..6_u32).map(|at| format!("d{at}.n * {}", 10_u32.pow(at))).collect();
            format!("SELECT 1 + {} AS n FROM {} LIMIT {count}", sum.join(" + "), places.join(", "))
        }
    };
    let text = "x".repeat(text);
    let sql =
        format!("INSERT INTO {table} (count, text) SELECT n % 97, '{text}' FROM ({numbers}) AS numbers");
    db.execute(Statement::new(sql, vec![])).await.map(drop)
}

async fn each(test: impl AsyncFn(&Db) -> Result<()>) -> Result<()> {
    let _alone = ONE_AT_A_TIME.lock().await;
    nuages::test::on_each_database(async |db| {
        nuages_tests::tables::create(&db, &[Heavy::schema, Light::schema]).await?;
        test(&db).await
    })
    .await
}

/// Says how much memory something took beyond what was there before, in MiB.
fn grown(before: u64) -> u64 {
    PEAK.swap(0, Ordering::Relaxed).max(resident_kib()).saturating_sub(before) / 1024
}

#[tokio::test]
async fn a_stream_of_a_million_rows_holds_a_chunk() -> Result<()> {
    each(async |db| {
        let count = rows(1_000_000);
        fill(db, "nuages_tests_light", count, 10).await?;
        // What a first chunk brings along, such as the text of the statement, is not what grows.
        Light::objects().limit(2_000).all(db).await?;
        let (before, mut seen, mut sum) = (resident_kib(), 0_u64, 0);
        let start = std::time::Instant::now();
        let mut stream = std::pin::pin!(Light::objects().stream(db));
        while let Some(row) = stream.try_next().await? {
            seen += 1;
            sum += row.count;
            if seen.is_multiple_of(5_000) {
                PEAK.fetch_max(resident_kib(), Ordering::Relaxed);
            }
        }
        let grown = grown(before);
        println!(
            "{}: {count} rows streamed in {:?}, {grown} MiB more",
            db.backend().title(),
            start.elapsed()
        );
        assert_eq!(seen, count);
        assert!((count * 40..count * 50).contains(&u64::try_from(sum)?), "every row was read: {sum}");
        assert!(grown <= MOST_MIB, "{grown} MiB for {count} rows on {}", db.backend().title());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn changes_that_receivers_hear_of_hold_a_chunk() -> Result<()> {
    each(async |db| {
        let (count, title) = (rows(25_000), db.backend().title());
        fill(db, "nuages_tests_heavy", 1_000, 1000).await?;
        Heavy::objects().update(db, |h| h.count.set(1)).await?;
        fill(db, "nuages_tests_heavy", count, 1000).await?;
        for what in ["update", "delete"] {
            TOLD.store(0, Ordering::Relaxed);
            let (before, start) = (resident_kib(), std::time::Instant::now());
            PEAK.store(0, Ordering::Relaxed);
            let changed = match what {
                "update" => Heavy::objects().update(db, |h| h.count.set(h.count + 1)).await?,
                _ => Heavy::objects().delete(db).await?.total,
            };
            let grown = grown(before);
            println!(
                "{title}: {what} of {changed} rows with receivers in {:?}, {grown} MiB more",
                start.elapsed()
            );
            assert_eq!((changed, TOLD.load(Ordering::Relaxed)), (count + 1_000, 2 * (count + 1_000)));
            // Of each row its key is held.
            let most = MOST_MIB + count / 10_000;
            assert!(grown <= most, "{what}: {grown} MiB for {count} rows on {title}");
        }
        Ok(())
    })
    .await
}
