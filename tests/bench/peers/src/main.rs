//! Nuages beside hand-written sqlx, diesel and sea-orm: one program, one run, the same tables.
//!
//! Every side does the same work and its answers are compared before anything is timed. What counts is the CPU of
//! this process, threads of drivers included, and on PostgreSQL that of the server's backends too. Rounds are
//! interleaved, each side begins in turn, and the median counts.

mod data;
mod diesel_side;
mod hand;
mod measure;
mod memory;
mod mixed;
mod ours;
mod sea;

use clap::Parser;

/// What any of the sides may answer.
type Result<T = (), E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

/// What to run.
#[derive(Parser)]
struct Options {
    /// Let sixteen tasks read and write one SQLite file at a time (O11), instead of everything else.
    #[arg(long)]
    mixed: bool,
    /// How many rounds each side gets per workload.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Only workloads whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// Only sides whose name contains this, to look at one of them with a profiler.
    #[arg(long, default_value = "")]
    side: String,
    /// A PostgreSQL server on which a database may be made; empty leaves it out.
    #[arg(long, default_value = "postgres://postgres@127.0.0.1:5432/postgres")]
    postgres: String,
    /// Leave SQLite out.
    #[arg(long)]
    no_sqlite: bool,
    /// Read a million rows as a stream and tell how the memory grew, instead of everything else.
    #[arg(long)]
    memory: bool,
}

#[tokio::main]
async fn main() -> Result {
    let options = Options::parse();
    if !options.no_sqlite {
        let file = std::env::temp_dir().join(format!("nuages-peers-{}.sqlite3", std::process::id()));
        let url = format!("sqlite://{}", file.display());
        data::sqlite(&format!("{url}?mode=rwc")).await?;
        let outcome = sqlite(&options, &url, &file.display().to_string()).await;
        for end in ["", "-wal", "-shm"] {
            std::fs::remove_file(format!("{}{end}", file.display())).ok();
        }
        outcome?;
    }
    if options.postgres.is_empty() || options.mixed {
        return Ok(());
    }
    let (name, url) = data::postgres(&options.postgres).await?;
    let outcome = postgres(&options, &name, &url).await;
    data::drop_postgres(&options.postgres, &name).await?;
    outcome
}

async fn sqlite(options: &Options, url: &str, file: &str) -> Result {
    println!("\nSQLite");
    if options.memory {
        return memory::run(url).await;
    }
    if options.mixed {
        return mixed::run(url).await;
    }
    let mut sides = measure::Sides {
        ours: ours::Side::open(url).await?,
        typical: hand::sqlite::Typical::open(url).await?,
        expert: hand::sqlite::Expert::open(url).await?,
        diesel: diesel_side::Sqlite::open(file)?,
        sea: sea::Side::open(url).await?,
    };
    measure::all(options, &mut sides, url, None).await
}

async fn postgres(options: &Options, name: &str, url: &str) -> Result {
    println!("\nPostgreSQL");
    if options.memory {
        return memory::run(url).await;
    }
    let mut sides = measure::Sides {
        ours: ours::Side::open(url).await?,
        typical: hand::postgres::Typical::open(url).await?,
        expert: hand::postgres::Expert::open(url).await?,
        diesel: diesel_side::Postgres::open(url).await?,
        sea: sea::Side::open(url).await?,
    };
    measure::all(options, &mut sides, url, Some(name)).await
}
