//! The benchmarks: programs that print ratios against hand-written code in the same run.
//!
//! `http` starts both servers on the same data, compares every answer byte by byte, and then
//! interleaves rounds; what counts is the CPU of the server and its database per request.

mod check;
mod cpu;
mod http;
mod load;
mod orm;
mod seed;
mod server;
mod sql;
mod start;

use clap::{Parser, Subcommand};

/// Nuages against hand-written axum and sqlx.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// CPU per request of six pages, on SQLite and PostgreSQL.
    Http(http::Options),
    /// CPU of queries without HTTP, on SQLite and PostgreSQL.
    Orm(orm::Options),
    /// Time to write statements, without sending them.
    Sql,
    /// CPU of `cargo check` for many models, above an empty crate.
    Check(check::Options),
    /// Time from start to the first answer, and memory when idle.
    Start(start::Options),
}

/// What the benchmarks answer: any error ends the run.
type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().what {
        What::Http(options) => http::run(options).await,
        What::Orm(options) => orm::run(&options).await,
        What::Sql => sql::run().await,
        What::Check(options) => check::run(&options),
        What::Start(options) => start::run(&options).await,
    }
}
