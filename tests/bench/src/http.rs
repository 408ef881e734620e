//! CPU per request of both servers, in interleaved rounds.

use std::time::{Duration, Instant};

use clap::Args;

use crate::Result;
use crate::load::{Connection, Request, send};
use crate::seed::{BOOKS, Database};
use crate::server::Server;

/// How much to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// How many rounds each server gets per page.
    #[arg(long, default_value_t = 10)]
    rounds: usize,
    /// How long one round should last.
    #[arg(long, default_value_t = 700)]
    milliseconds: u64,
    /// How many connections are kept busy.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Run the hand-written server against itself, which shows the noise.
    #[arg(long)]
    control: bool,
    /// Give the hand-written server what ours does by default: timeouts, limits, the host check, the panic guard,
    /// request ids and the headers of security, in one middleware of axum.
    #[arg(long)]
    careful: bool,
    /// Only pages whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// A PostgreSQL server on which a database may be made; empty leaves it out.
    #[arg(long, default_value = "postgres://postgres@127.0.0.1:5432/postgres")]
    postgres: String,
}

const PAGES: &[Request] = &[
    Request { name: "constant JSON", write: |_| get("/json") },
    Request { name: "one row", write: |n| get(&format!("/one/{}", id(n))) },
    Request { name: "20 rows one by one", write: |n| get(&format!("/twenty/{}", id(n))) },
    Request { name: "template over 12 rows", write: |_| get("/books") },
    Request { name: "list: filter, join, count", write: |_| get("/list") },
    Request { name: "insert", write: insert },
];

/// Measures on every database that is there.
pub(crate) async fn run(options: Options) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("nuages-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    measure(Database::sqlite(&folder).await?, &options).await?;
    if !options.postgres.is_empty() {
        measure(Database::postgres(&options.postgres).await?, &options).await?;
    }
    std::fs::remove_dir_all(folder)?;
    Ok(())
}

async fn measure(database: Database, options: &Options) -> Result<()> {
    let other = if options.control { ("control", "twin") } else { ("nuages", "ours") };
    let (name, more): (_, &[&str]) =
        if options.careful { ("careful twin", &["careful"]) } else { ("twin", &[]) };
    let twin = Server::start(name, "twin", &database.url(), more).await?;
    let ours = Server::start(other.0, other.1, &database.url(), &[]).await?;
    println!("\n{}: CPU per request, server and database together", database.title());
    println!("{:<28}{:>12}{:>12}{:>9}{:>18}", "", twin.name, ours.name, "ratio", "95 % of medians");
    for page in PAGES.iter().filter(|page| page.name.contains(&options.only)) {
        same_answers(&twin, &ours, *page).await?;
        compare(&database, &twin, &ours, *page, options).await?;
    }
    twin.stop().await?;
    ours.stop().await?;
    database.remove().await
}

/// Nobody wins by doing less: the bodies must be the same, byte by byte.
async fn same_answers(twin: &Server, ours: &Server, page: Request) -> Result<()> {
    for number in [0, 1, 17] {
        let request = (page.write)(number);
        let expected = Connection::open(twin.port)?.call(&request)?.to_vec();
        let mut connection = Connection::open(ours.port)?;
        let answer = connection.call(&request)?;
        if expected != answer {
            let (expected, answer) = (String::from_utf8_lossy(&expected), String::from_utf8_lossy(answer));
            return Err(
                format!("{}: answers differ\n--- twin\n{expected}\n--- ours\n{answer}", page.name).into()
            );
        }
    }
    Ok(())
}

async fn compare(
    database: &Database,
    twin: &Server,
    ours: &Server,
    page: Request,
    options: &Options,
) -> Result<()> {
    let count = requests_per_round(twin, page, options).await?;
    round(database, ours, page, count, options.connections).await?;
    let (mut theirs, mut own) = (Vec::new(), Vec::new());
    for number in 0..options.rounds {
        let mut order = [(twin, &mut theirs), (ours, &mut own)];
        if number % 2 == 1 {
            order.reverse();
        }
        for (server, times) in order {
            times.push(round(database, server, page, count, options.connections).await?);
        }
    }
    report(page.name, &theirs, &own);
    Ok(())
}

/// Microseconds of CPU per request in one round.
async fn round(
    database: &Database,
    server: &Server,
    page: Request,
    count: usize,
    connections: usize,
) -> Result<f64> {
    let before = server.cpu() + database.cpu();
    send(server.port, page, 0, count, connections).await?;
    let spent = (server.cpu() + database.cpu()).saturating_sub(before);
    Ok(spent.as_secs_f64() * 1e6 / count as f64)
}

/// As many requests as the hand-written server answers in the wanted time; this also warms it up.
async fn requests_per_round(twin: &Server, page: Request, options: &Options) -> Result<usize> {
    let wanted = Duration::from_millis(options.milliseconds);
    let mut count = 64;
    loop {
        let begin = Instant::now();
        send(twin.port, page, 0, count, options.connections).await?;
        let took = begin.elapsed();
        if took * 4 > wanted {
            let scale = wanted.as_secs_f64() / took.as_secs_f64();
            return Ok(((count as f64 * scale) as usize).max(64));
        }
        count *= 4;
    }
}

fn report(name: &str, theirs: &[f64], own: &[f64]) {
    let ratios: Vec<f64> = theirs.iter().zip(own).map(|(theirs, own)| own / theirs).collect();
    let (low, high) = interval(&ratios);
    let (theirs, own, ratio) = (median(theirs), median(own), median(&ratios));
    println!("{name:<28}{theirs:>9.1} µs{own:>9.1} µs{ratio:>9.2}{:>18}", format!("{low:.2} .. {high:.2}"));
}

fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

/// Where the median lies in 95 of 100 samples drawn again from the same rounds.
fn interval(ratios: &[f64]) -> (f64, f64) {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        ratios[(state % ratios.len() as u64) as usize]
    };
    let mut medians: Vec<f64> =
        (0..1000).map(|_| median(&(0..ratios.len()).map(|_| draw()).collect::<Vec<_>>())).collect();
    medians.sort_by(f64::total_cmp);
    (medians[25], medians[974])
}

/// A GET as a browser's client library sends it.
pub(crate) fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: */*\r\n\r\n")
}

fn insert(number: u64) -> String {
    let body = format!("title=New+book+{number}&author_id={}&pages=200&price_cents=1250", 1 + number % 200);
    let length = body.len();
    format!(
        "POST /insert HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

fn id(number: u64) -> u64 {
    1 + number * 7919 % BOOKS
}
