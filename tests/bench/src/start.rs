//! Time from start to the first answer, and memory when idle.

use std::time::Duration;

use clap::Args;

use crate::Result;
use crate::seed::Database;
use crate::server::Server;

/// How much to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// How many times each server is started.
    #[arg(long, default_value_t = 20)]
    starts: usize,
    /// How long a server is left alone before its memory is read.
    #[arg(long, default_value_t = 3)]
    idle_seconds: u64,
}

/// Measures both servers on SQLite.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("nuages-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let database = Database::sqlite(&folder).await?;
    println!("{:<10}{:>20}{:>12}{:>16}", "SQLite", "first answer", "worst", "resident idle");
    for (name, program) in [("twin", "twin"), ("nuages", "ours")] {
        let mut times = Vec::new();
        for _ in 0..options.starts {
            let server = Server::start(name, program, &database.url(), &[]).await?;
            times.push(server.started_in);
            server.stop().await?;
        }
        times.sort();
        let server = Server::start(name, program, &database.url(), &[]).await?;
        tokio::time::sleep(Duration::from_secs(options.idle_seconds)).await;
        let resident = crate::cpu::resident(server.pid) as f64 / 1024.0;
        server.stop().await?;
        let (middle, worst) = (times[times.len() / 2], times[times.len() - 1]);
        println!("{name:<10}{:>17.1?}{:>14.1?}{resident:>12.1} MiB", middle, worst);
    }
    std::fs::remove_dir_all(folder)?;
    Ok(())
}
