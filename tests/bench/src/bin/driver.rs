//! Sessions and rows of Nuages beside a bare sqlx connection, in one run: what the layer above the driver costs.
//! The best of several rounds counts, since other programs only ever add to one.
//!
//! `cargo run --release -p nuages-bench --bin driver [postgres://…]`; prints ratios, the bare connection being 1.

use std::time::{Duration, Instant};

use nuages::backend::{Row as NuagesRow, Statement};
use nuages::value::Value;
use nuages::{Database, DatabaseSettings, Db};
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};

type Result<T = (), E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

const ROWS: i64 = 10_000;
const ROUNDS: usize = 15;
const ONE: &str = "SELECT id, name, hair_color FROM person WHERE id = $1";
const ALL: &str = "SELECT id, name, hair_color FROM person";

struct Person {
    id: i64,
    name: String,
    hair_color: Option<String>,
}

/// CPU and wall time of a contender in its best round.
#[derive(Clone, Copy)]
struct Spent {
    cpu: Duration,
    wall: Duration,
}

const NOTHING_YET: Spent = Spent { cpu: Duration::MAX, wall: Duration::MAX };

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result {
    let file = std::env::temp_dir().join(format!("nuages-driver-{}.db", std::process::id()));
    let url = format!("sqlite:{}?mode=rwc", file.display());
    sqlite(&url).await?;
    for end in ["", "-wal", "-shm"] {
        std::fs::remove_file(format!("{}{end}", file.display())).ok();
    }
    let default = "postgres://postgres@127.0.0.1:5432/postgres".to_owned();
    postgres(&std::env::args().nth(1).unwrap_or(default)).await
}

async fn fill(db: &Db, placeholders: &str) -> Result {
    db.execute_script("DROP TABLE IF EXISTS person").await.map_err(nuages::Error::into_std)?;
    let create =
        "CREATE TABLE person (id bigint PRIMARY KEY, name varchar(100) NOT NULL, hair_color varchar(50))";
    db.execute(create.into()).await.map_err(nuages::Error::into_std)?;
    db.atomic(async |db| {
        for id in 1..=ROWS {
            let args = vec![Value::Int(id), format!("User {id}").into()];
            db.execute(Statement::new(
                format!("INSERT INTO person (id, name) VALUES ({placeholders})"),
                args,
            ))
            .await?;
        }
        Ok(())
    })
    .await
    .map_err(nuages::Error::into_std)
}

fn own(row: &NuagesRow) -> nuages::Result<Person> {
    Ok(Person {
        id: row.i64(0)?.unwrap_or_default(),
        name: row.text(1)?.unwrap_or_default(),
        hair_color: row.text(2)?,
    })
}

async fn own_one(db: &Db, id: i64) -> Result<Option<Person>> {
    let row = db
        .fetch_optional(Statement::new(ONE, vec![Value::Int(id)]))
        .await
        .map_err(nuages::Error::into_std)?;
    row.map(|row| own(&row)).transpose().map_err(nuages::Error::into_std)
}

async fn own_all(db: &Db) -> Result<Vec<Person>> {
    let mut people = Vec::new();
    let each = &mut |row: &NuagesRow| {
        people.push(own(row)?);
        Ok(())
    };
    db.fetch_each(Statement::new(ALL, Vec::new()), each).await.map_err(nuages::Error::into_std)?;
    Ok(people)
}

macro_rules! contenders {
    ($name:literal, $connection:expr, $pool:expr, $db:expr) => {{
        let (connection, pool, db): (_, _, &Db) = ($connection, $pool, $db);
        let mut one = [NOTHING_YET; 4];
        let mut all = [NOTHING_YET; 3];
        for round in 0..ROUNDS {
            for turn in 0..4 {
                let who = (turn + round) % 4;
                let start = start();
                for id in 1..=5_000_i64 {
                    let person = match who {
                        0 => bare(&sqlx::query(ONE).bind(id).fetch_one(&mut *connection).await?)?,
                        1 => by_name(&sqlx::query(ONE).bind(id).fetch_one(pool).await?)?,
                        2 => own_one(db, id).await?.ok_or("it is there")?,
                        _ => own_one(&db.clone(), id).await?.ok_or("it is there")?,
                    };
                    assert!(person.id == id && !person.name.is_empty() && person.hair_color.is_none());
                }
                end(&mut one[who], start);
            }
            for turn in 0..3 {
                let who = (turn + round) % 3;
                let start = start();
                for _ in 0..16 {
                    let people = match who {
                        0 => sqlx::query(ALL)
                            .fetch_all(&mut *connection)
                            .await?
                            .iter()
                            .map(bare)
                            .collect::<Result<Vec<_>>>()?,
                        1 => sqlx::query(ALL)
                            .fetch_all(pool)
                            .await?
                            .iter()
                            .map(by_name)
                            .collect::<Result<Vec<_>>>()?,
                        _ => own_all(db).await?,
                    };
                    assert_eq!(people.len(), ROWS as usize);
                }
                end(&mut all[who], start);
            }
        }
        report(
            concat!($name, ", one row by key"),
            &["sqlx connection", "sqlx pool by name", "nuages", "nuages, A/A"],
            &one,
            5_000,
        );
        report(
            concat!($name, ", 10,000 rows"),
            &["sqlx connection", "sqlx pool by name", "nuages"],
            &all,
            16,
        );
    }};
}

/// As an expert writes it: by position, types not checked again.
fn bare<R: Row>(row: &R) -> Result<Person>
where
    usize: sqlx::ColumnIndex<R>,
    for<'r> i64: sqlx::Decode<'r, R::Database>,
    for<'r> String: sqlx::Decode<'r, R::Database>,
    for<'r> Option<String>: sqlx::Decode<'r, R::Database>,
{
    Ok(Person {
        id: row.try_get_unchecked(0)?,
        name: row.try_get_unchecked(1)?,
        hair_color: row.try_get_unchecked(2)?,
    })
}

fn by_name<R: Row>(row: &R) -> Result<Person>
where
    for<'n> &'n str: sqlx::ColumnIndex<R>,
    for<'r> i64: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    for<'r> String: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    Ok(Person { id: row.try_get("id")?, name: row.try_get("name")?, hair_color: row.try_get("hair_color")? })
}

async fn sqlite(url: &str) -> Result {
    let settings = DatabaseSettings { synchronous_normal: true, ..DatabaseSettings::new(url) };
    let database = Database::connect(&settings).await.map_err(nuages::Error::into_std)?;
    let db = database.session();
    fill(&db, "?, ?").await?;
    let options: sqlx::sqlite::SqliteConnectOptions = url.parse()?;
    let mut connection: SqliteConnection = options.disable_statement_logging().connect().await?;
    let pool = sqlx::SqlitePool::connect(url).await?;
    contenders!("SQLite", &mut connection, &pool, &db);
    pool.close().await;
    connection.close().await?;
    database.close().await;
    Ok(())
}

async fn postgres(url: &str) -> Result {
    let database = match Database::connect(&DatabaseSettings::new(url)).await {
        Ok(database) => database,
        Err(error) => {
            println!("PostgreSQL was not measured: {error}");
            return Ok(());
        }
    };
    let db = database.session();
    fill(&db, "$1, $2").await?;
    let options: sqlx::postgres::PgConnectOptions = url.parse()?;
    let mut connection = options.disable_statement_logging().connect().await?;
    let pool = sqlx::PgPool::connect(url).await?;
    contenders!("PostgreSQL", &mut connection, &pool, &db);
    pool.close().await;
    connection.close().await?;
    db.execute_script("DROP TABLE person").await.map_err(nuages::Error::into_std)?;
    database.close().await;
    Ok(())
}

fn start() -> (Duration, Instant) {
    (cpu(), Instant::now())
}

fn end(spent: &mut Spent, (before, start): (Duration, Instant)) {
    spent.cpu = spent.cpu.min(cpu().saturating_sub(before));
    spent.wall = spent.wall.min(start.elapsed());
}

/// What all threads of this process have spent on a processor; `stat` counts in steps that are too long for this.
fn cpu() -> Duration {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else { return Duration::ZERO };
    let spent = threads.flatten().filter_map(|thread| {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(spent.sum())
}

fn report(what: &str, names: &[&str], spent: &[Spent], each: u32) {
    println!("{what}");
    for (name, one) in names.iter().zip(spent) {
        println!(
            "  {name:18} cpu {:8.1} µs ({:.2})   wall {:8.1} µs ({:.2})",
            (one.cpu / each).as_nanos() as f64 / 1e3,
            one.cpu.as_secs_f64() / spent[0].cpu.as_secs_f64().max(1e-9),
            (one.wall / each).as_nanos() as f64 / 1e3,
            one.wall.as_secs_f64() / spent[0].wall.as_secs_f64(),
        );
    }
}
