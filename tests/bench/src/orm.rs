//! In process, without HTTP: get by key, 10,000 rows, and 100,000 new rows, against hand-written sqlx.
//!
//! `typical` is what people write: the pool as executor, its default options, columns by name.
//! `expert` is the same on one connection, columns by position.

use std::future::Future;
use std::time::{Duration, Instant};

use clap::Args;
use nuages::prelude::*;
use nuages::{Database, DatabaseSettings};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, Row as _};

use crate::cpu;

/// What to run.
#[derive(Args)]
pub(crate) struct Options {
    /// How many rounds of each; the median counts.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Keys asked for in a round.
    #[arg(long, default_value_t = 5_000)]
    gets: i64,
    /// New rows in a round.
    #[arg(long, default_value_t = 100_000)]
    inserts: i64,
    /// A PostgreSQL server to make a database on; leave it out to run on SQLite alone.
    #[arg(long)]
    postgres: Option<String>,
}

#[derive(Model, Clone, Debug)]
#[model(app_label = "bench", db_table = "bench_item", display = "{name}")]
pub(crate) struct Item {
    pub(crate) id: i64,
    #[field(max_length = 100)]
    pub(crate) name: String,
    pub(crate) pages: i32,
    pub(crate) rating: f64,
    pub(crate) in_stock: bool,
    pub(crate) note: Option<String>,
}

const ROWS: i64 = 10_000;

/// Runs everything on SQLite, and on PostgreSQL where a server is named.
pub(crate) async fn run(options: &Options) -> crate::Result<()> {
    let file = std::env::temp_dir().join(format!("nuages-orm-{}.sqlite3", std::process::id()));
    on::<sqlx::Sqlite>(options, &format!("sqlite://{}?mode=rwc", file.display())).await?;
    for end in ["", "-wal", "-shm"] {
        std::fs::remove_file(format!("{}{end}", file.display())).ok();
    }
    let Some(server) = &options.postgres else { return Ok(()) };
    let mut admin = sqlx::PgConnection::connect(server).await?;
    let name = format!("nuages_orm_{}", std::process::id());
    admin.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await?;
    let base = server.rsplit_once('/').map_or(server.as_str(), |(base, _)| base);
    let outcome = on::<sqlx::Postgres>(options, &format!("{base}/{name}")).await;
    admin.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await?;
    outcome
}

/// What the hand-written side needs of a driver, spelled once.
trait Hand: sqlx::Database {
    const TITLE: &'static str;
    const KEY: &'static str;
    fn connect(url: &str) -> impl Future<Output = crate::Result<Side<Self>>>
    where
        Self: Sized;
    fn get(side: &mut Side<Self>, id: i64, typical: bool) -> impl Future<Output = crate::Result<String>>
    where
        Self: Sized;
    fn list(side: &mut Side<Self>, typical: bool) -> impl Future<Output = crate::Result<usize>>
    where
        Self: Sized;
    fn insert(side: &mut Side<Self>, rows: i64) -> impl Future<Output = crate::Result<()>>
    where
        Self: Sized;
}

struct Side<D: sqlx::Database> {
    pool: sqlx::Pool<D>,
    connection: D::Connection,
}

struct Plain {
    name: String,
    pages: i32,
    rating: f64,
    in_stock: bool,
    note: Option<String>,
}

macro_rules! hand {
    ($driver:ty, $connection:ty, $row:ty, $title:literal, $key:literal, $by_key:literal, $insert:expr) => {
        impl<'r> sqlx::FromRow<'r, $row> for Plain {
            fn from_row(row: &'r $row) -> sqlx::Result<Self> {
                let _: i64 = row.try_get("id")?;
                Ok(Self {
                    name: row.try_get("name")?,
                    pages: row.try_get("pages")?,
                    rating: row.try_get("rating")?,
                    in_stock: row.try_get("in_stock")?,
                    note: row.try_get("note")?,
                })
            }
        }

        impl Hand for $driver {
            const TITLE: &'static str = $title;
            const KEY: &'static str = $key;

            async fn connect(url: &str) -> crate::Result<Side<Self>> {
                Ok(Side {
                    pool: sqlx::Pool::connect(url).await?,
                    connection: <$connection>::connect(url).await?,
                })
            }

            async fn get(side: &mut Side<Self>, id: i64, typical: bool) -> crate::Result<String> {
                if typical {
                    let row: Plain = sqlx::query_as($by_key).bind(id).fetch_one(&side.pool).await?;
                    return Ok(row.name);
                }
                let row = sqlx::query($by_key).bind(id).fetch_one(&mut side.connection).await?;
                Ok(by_position(&row)?.name)
            }

            async fn list(side: &mut Side<Self>, typical: bool) -> crate::Result<usize> {
                let sql = "SELECT id, name, pages, rating, in_stock, note FROM bench_item WHERE id <= 10000";
                if typical {
                    let rows: Vec<Plain> = sqlx::query_as(sql).fetch_all(&side.pool).await?;
                    return Ok(rows.iter().filter(|row| row.pages >= 0 && row.rating >= 0.0).count());
                }
                let rows = sqlx::query(sql).fetch_all(&mut side.connection).await?;
                let rows: sqlx::Result<Vec<Plain>> = rows.iter().map(|row| by_position(row)).collect();
                Ok(rows?.iter().filter(|row| row.in_stock || row.note.is_none()).count())
            }

            async fn insert(side: &mut Side<Self>, rows: i64) -> crate::Result<()> {
                let mut transaction = side.connection.begin().await?;
                let insert = $insert;
                insert(&mut transaction, rows).await?;
                transaction.commit().await?;
                Ok(())
            }
        }
    };
}

fn by_position<'r, R: sqlx::Row>(row: &'r R) -> sqlx::Result<Plain>
where
    usize: sqlx::ColumnIndex<R>,
    i64: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    i32: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    f64: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    bool: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    String: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    let _: i64 = row.try_get_unchecked(0)?;
    Ok(Plain {
        name: row.try_get_unchecked(1)?,
        pages: row.try_get_unchecked(2)?,
        rating: row.try_get_unchecked(3)?,
        in_stock: row.try_get_unchecked(4)?,
        note: row.try_get_unchecked(5)?,
    })
}

hand!(
    sqlx::Sqlite,
    sqlx::SqliteConnection,
    sqlx::sqlite::SqliteRow,
    "SQLite",
    "integer PRIMARY KEY AUTOINCREMENT",
    "SELECT id, name, pages, rating, in_stock, note FROM bench_item WHERE id = ?",
    async |connection: &mut sqlx::SqliteConnection, rows: i64| -> crate::Result<()> {
        let sql = "INSERT INTO bench_item (name, pages, rating, in_stock, note) VALUES (?, ?, ?, ?, ?)";
        for n in 0..rows {
            let query = sqlx::query(sql).bind(format!("item {n}")).bind(n as i32).bind(n as f64);
            query.bind(n % 2 == 0).bind(None::<String>).execute(&mut *connection).await?;
        }
        Ok(())
    }
);

hand!(
    sqlx::Postgres,
    sqlx::PgConnection,
    sqlx::postgres::PgRow,
    "PostgreSQL",
    "bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
    "SELECT id, name, pages, rating, in_stock, note FROM bench_item WHERE id = $1",
    async |connection: &mut sqlx::PgConnection, rows: i64| -> crate::Result<()> {
        let sql = "INSERT INTO bench_item (name, pages, rating, in_stock, note)
            SELECT * FROM UNNEST($1::text[], $2::int4[], $3::float8[], $4::bool[], $5::text[])";
        for start in (0..rows).step_by(10_000) {
            let numbers: Vec<i64> = (start..rows.min(start + 10_000)).collect();
            let names: Vec<String> = numbers.iter().map(|n| format!("item {n}")).collect();
            let pages: Vec<i32> = numbers.iter().map(|n| *n as i32).collect();
            let ratings: Vec<f64> = numbers.iter().map(|n| *n as f64).collect();
            let stock: Vec<bool> = numbers.iter().map(|n| n % 2 == 0).collect();
            let notes: Vec<Option<String>> = numbers.iter().map(|_| None).collect();
            let query = sqlx::query(sql).bind(names).bind(pages).bind(ratings).bind(stock).bind(notes);
            query.execute(&mut *connection).await?;
        }
        Ok(())
    }
);

async fn on<D: Hand>(options: &Options, url: &str) -> crate::Result<()> {
    let mut side = D::connect(url).await?;
    let database = Database::connect(&DatabaseSettings::new(url)).await.map_err(|error| error.to_string())?;
    let db = database.session();
    let table = format!(
        "CREATE TABLE bench_item (id {}, name varchar(100) NOT NULL, pages integer NOT NULL,
            rating double precision NOT NULL, in_stock boolean NOT NULL, note text)",
        D::KEY
    );
    db.execute_script(&table).await.map_err(text)?;
    bulk(&db, ROWS).await?;
    println!("\n{:<34}{:>12}{:>12}{:>12}", D::TITLE, "ours", "typical", "expert");
    let mut gets = [Vec::new(), Vec::new(), Vec::new()];
    let mut lists = [Vec::new(), Vec::new(), Vec::new()];
    let mut inserts = [Vec::new(), Vec::new()];
    for _ in 0..options.rounds {
        gets[0].push(timed(get_ours(&db, options.gets)).await?);
        gets[1].push(timed(get_hand(&mut side, options.gets, true)).await?);
        gets[2].push(timed(get_hand(&mut side, options.gets, false)).await?);
        lists[0].push(timed(list_ours(&db)).await?);
        lists[1].push(timed(list_hand(&mut side, true)).await?);
        lists[2].push(timed(list_hand(&mut side, false)).await?);
        inserts[0].push(timed(bulk(&db, options.inserts)).await?);
        inserts[1].push(timed(D::insert(&mut side, options.inserts)).await?);
    }
    line("get by key, per row", &gets, options.gets as u32);
    line("10,000 rows", &lists, LISTS);
    line("100,000 new rows", &inserts, 1);
    database.close().await;
    Ok(())
}

/// How often the list is read in a round.
const LISTS: u32 = 20;

async fn get_ours(db: &Db, gets: i64) -> crate::Result<()> {
    for n in 0..gets {
        let id = n % ROWS + 1;
        let row = Item::objects().filter(|i| i.id.eq(id)).get(db).await.map_err(text)?;
        std::hint::black_box(row.name);
    }
    Ok(())
}

async fn get_hand<D: Hand>(side: &mut Side<D>, gets: i64, typical: bool) -> crate::Result<()> {
    for n in 0..gets {
        std::hint::black_box(D::get(side, n % ROWS + 1, typical).await?);
    }
    Ok(())
}

async fn list_ours(db: &Db) -> crate::Result<()> {
    for _ in 0..LISTS {
        let rows = Item::objects().filter(|i| i.id.lte(ROWS)).all(db).await.map_err(text)?;
        assert_eq!(rows.len() as i64, ROWS, "the list is whole");
        std::hint::black_box(rows);
    }
    Ok(())
}

async fn list_hand<D: Hand>(side: &mut Side<D>, typical: bool) -> crate::Result<()> {
    for _ in 0..LISTS {
        std::hint::black_box(D::list(side, typical).await?);
    }
    Ok(())
}

async fn bulk(db: &Db, rows: i64) -> crate::Result<()> {
    let rows = (0..rows).map(|n| NewItem {
        name: format!("item {n}"),
        pages: n as i32,
        rating: n as f64,
        in_stock: n % 2 == 0,
    });
    Item::objects().bulk_create(db, rows).await.map_err(text)?;
    Ok(())
}

fn text(error: nuages::Error) -> String {
    format!("{error:?}")
}

/// CPU of this process, the driver's threads included, and wall time.
async fn timed(work: impl Future<Output = crate::Result<()>>) -> crate::Result<(Duration, Duration)> {
    let (cpu, wall) = (cpu::of_process(std::process::id()), Instant::now());
    work.await?;
    Ok((cpu::of_process(std::process::id()).saturating_sub(cpu), wall.elapsed()))
}

fn line(what: &str, columns: &[Vec<(Duration, Duration)>], times: u32) {
    let median = |rounds: &Vec<(Duration, Duration)>| {
        let mut cpu: Vec<Duration> = rounds.iter().map(|round| round.0).collect();
        cpu.sort();
        cpu[cpu.len() / 2].as_secs_f64() / f64::from(times)
    };
    let values: Vec<f64> = columns.iter().map(median).collect();
    let shown: String = values.iter().map(|value| format!("{:>12}", show(*value))).collect();
    let ratios: Vec<String> =
        values.iter().skip(1).map(|value| format!("{:.2}", values[0] / value.max(1e-9))).collect();
    println!("{what:<34}{shown}   ours / hand: {}", ratios.join(", "));
}

fn show(seconds: f64) -> String {
    if seconds < 0.001 { format!("{:.1} us", seconds * 1e6) } else { format!("{:.2} ms", seconds * 1e3) }
}
