//! The workloads, and how they are timed.

use std::fs;
use std::time::Duration;

use crate::{Options, Result};

/// One side of the comparison. Each answer is a sum over what was read, so that nobody can leave anything out and
/// all must agree.
pub(crate) trait Side {
    /// Rows by primary key, one by one: the sum of their pages.
    async fn by_key(&mut self, keys: &[i64]) -> Result<i64>;
    /// Five predicates, in order, at most `limit` rows.
    async fn filtered(&mut self, limit: i64) -> Result<i64>;
    /// Three columns of 10,000 rows.
    async fn narrow(&mut self) -> Result<i64>;
    /// All columns of 10,000 rows.
    async fn wide(&mut self) -> Result<i64>;
    /// 1,000 books, each with its author.
    async fn related(&mut self) -> Result<i64>;
    /// 100 authors, each with its books.
    async fn prefetched(&mut self) -> Result<i64>;
    /// New rows; they are taken away again afterwards.
    async fn bulk(&mut self, rows: i64) -> Result<i64>;
    /// One column of rows, by key, one statement each.
    async fn update_each(&mut self, keys: &[i64]) -> Result<i64>;
    /// One column of 10,000 rows in one statement.
    async fn update_all(&mut self) -> Result<i64>;
    /// Rows by key, each with one column changed and saved.
    async fn load_and_save(&mut self, keys: &[i64]) -> Result<i64> {
        self.by_key(keys).await?;
        self.update_each(keys).await
    }
    /// Whether there is a row, how many there are, and a sum over them.
    async fn numbers(&mut self) -> Result<i64>;
    /// A transaction of five statements.
    async fn transaction(&mut self, key: i64) -> Result<i64>;
}

/// All sides on one database.
pub(crate) struct Sides<T, E, D, O, S> {
    pub(crate) ours: O,
    pub(crate) typical: T,
    pub(crate) expert: E,
    pub(crate) diesel: D,
    pub(crate) sea: S,
}

const NAMES: [&str; 5] = ["nuages", "typical", "expert", "diesel", "sea-orm"];

/// Runs a workload on each side in turn.
macro_rules! workload {
    ($options:expr, $sides:expr, $server:expr, $url:expr, $name:literal, $times:expr, |$side:ident| $work:expr) => {
        if $name.contains(&*$options.only) {
            let mut answers = Vec::new();
            let mut spent: [Vec<f64>; 5] = Default::default();
            for round in 0..=$options.rounds {
                for turn in 0..5 {
                    let who = (round + turn) % 5;
                    if !NAMES[who].contains(&*$options.side) {
                        continue;
                    }
                    let before = Spent::until_now($server);
                    let mut answer = 0;
                    for _ in 0..$times {
                        answer = match who {
                            0 => {
                                let $side = &mut $sides.ours;
                                $work.await?
                            }
                            1 => {
                                let $side = &mut $sides.typical;
                                $work.await?
                            }
                            2 => {
                                let $side = &mut $sides.expert;
                                $work.await?
                            }
                            3 => {
                                let $side = &mut $sides.diesel;
                                $work.await?
                            }
                            _ => {
                                let $side = &mut $sides.sea;
                                $work.await?
                            }
                        };
                    }
                    let took = before.since($server);
                    // The first round warms up, and its answers are compared.
                    match round {
                        0 => answers.push((NAMES[who], answer)),
                        _ => spent[who].push(took.as_secs_f64() / f64::from($times)),
                    }
                    if $name.starts_with("O6") {
                        crate::data::tidy($url).await?;
                    }
                }
            }
            agree($name, &answers)?;
            report($name, spent);
        }
    };
}

/// Every workload.
pub(crate) async fn all<T: Side, E: Side, D: Side, O: Side, S: Side>(
    options: &Options,
    sides: &mut Sides<T, E, D, O, S>,
    url: &str,
    server: Option<&str>,
) -> Result {
    let keys: Vec<i64> = (0..1000).map(|n| n * 7919 % 10_000 + 1).collect();
    let few = &keys[..300];
    println!(
        "{:<34}{:>11}{:>11}{:>11}{:>11}{:>11}   nuages / each",
        "CPU", NAMES[0], NAMES[1], NAMES[2], NAMES[3], NAMES[4]
    );
    workload!(options, sides, server, url, "O1 by key, 1,000 times", 1, |side| side.by_key(&keys));
    workload!(options, sides, server, url, "O2 five predicates, 10 rows", 200, |side| side.filtered(10));
    workload!(options, sides, server, url, "O2 five predicates, 100 rows", 50, |side| side.filtered(100));
    workload!(options, sides, server, url, "O3 10,000 rows, 3 columns", 5, |side| side.narrow());
    workload!(options, sides, server, url, "O3 10,000 rows, 12 columns", 3, |side| side.wide());
    workload!(options, sides, server, url, "O4 1,000 rows with their parent", 10, |side| side.related());
    workload!(options, sides, server, url, "O5 100 rows with 10 children each", 10, |side| side.prefetched());
    workload!(options, sides, server, url, "O6 100,000 new rows", 1, |side| side.bulk(100_000));
    workload!(options, sides, server, url, "O7 update by key, 300 times", 1, |side| side.update_each(few));
    workload!(options, sides, server, url, "O7 update 10,000 rows at once", 1, |side| side.update_all());
    workload!(options, sides, server, url, "O9 exists, count, sum", 50, |side| side.numbers());
    workload!(options, sides, server, url, "O10 transaction of 5 statements", 100, |side| side
        .transaction(7));
    workload!(options, sides, server, url, "O12 load, save one column, 300 times", 1, |side| side
        .load_and_save(few));
    Ok(())
}

fn agree(name: &str, answers: &[(&str, i64)]) -> Result {
    match answers.iter().find(|(_, answer)| *answer != answers[0].1) {
        None => Ok(()),
        Some(_) => Err(format!("{name}: the sides do not agree: {answers:?}").into()),
    }
}

fn report(name: &str, spent: [Vec<f64>; 5]) {
    let medians = spent.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
    });
    let shown: String = medians.iter().map(|time| format!("{:>11}", show(*time))).collect();
    let ratios: Vec<String> = medians[1..].iter().map(|time| format!("{:.2}", medians[0] / time)).collect();
    println!("{name:<34}{shown}   {}", ratios.join("  "));
}

fn show(seconds: f64) -> String {
    if seconds < 0.001 { format!("{:.1} us", seconds * 1e6) } else { format!("{:.2} ms", seconds * 1e3) }
}

/// CPU of this process and of the server's backends, up to some moment.
struct Spent {
    backends: Duration,
    own: Duration,
}

impl Spent {
    /// Looking for the backends is work of this process, so its own clock is read after that.
    fn until_now(server: Option<&str>) -> Self {
        let backends = server.map_or(Duration::ZERO, backends);
        Self { backends, own: own() }
    }

    /// What was spent since; for the same reason the own clock is read first.
    fn since(&self, server: Option<&str>) -> Duration {
        let own = own();
        let backends = server.map_or(Duration::ZERO, backends);
        own.saturating_sub(self.own) + backends.saturating_sub(self.backends)
    }
}

/// What all threads of this process have spent, to the nanosecond. `schedstat` of a thread that is running lags
/// behind by up to a tick of the kernel, which is as long as some rounds.
pub(crate) fn own() -> Duration {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(spent.tv_sec.unsigned_abs(), spent.tv_nsec.unsigned_abs() as u32)
}

/// A backend waits for the next statement while this is read, so its count is up to date.
fn of_process(process: &str) -> Duration {
    let text = fs::read_to_string(format!("/proc/{process}/schedstat")).unwrap_or_default();
    let spent = text.split(' ').next().and_then(|field| field.parse().ok());
    Duration::from_nanos(spent.unwrap_or(0))
}

/// A backend's title reads `postgres: 15/main: user database address state`.
fn backends(database: &str) -> Duration {
    let Ok(processes) = fs::read_dir("/proc") else { return Duration::ZERO };
    let pids = processes.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let serves = |pid: &String| {
        let title = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        title.starts_with("postgres:") && title.split(' ').any(|word| word == database)
    };
    pids.filter(|pid| pid.bytes().all(|byte| byte.is_ascii_digit()))
        .filter(serves)
        .map(|pid| of_process(&pid))
        .sum()
}
