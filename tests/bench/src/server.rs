//! A server under test: a program of this crate, started on a port of its own.

use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

use crate::Result;
use crate::load::Connection;

/// A running server; it ends with this value.
pub(crate) struct Server {
    /// What the tables call it.
    pub(crate) name: &'static str,
    /// Where it listens.
    pub(crate) port: u16,
    /// Its process.
    pub(crate) pid: u32,
    /// From the start of the process to the first answer.
    pub(crate) started_in: Duration,
    child: Child,
}

impl Server {
    /// Starts `program` beside this one and waits for its first answer.
    pub(crate) async fn start(name: &'static str, program: &str, url: &str, more: &[&str]) -> Result<Self> {
        let port = free_port()?;
        let file = std::env::current_exe()?.with_file_name(program);
        let begin = Instant::now();
        let child = Command::new(&file)
            .args([url, &port.to_string()])
            .args(more)
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                format!("{}: {error}; build it with `cargo build --release -p nuages-bench`", file.display())
            })?;
        let pid = child.id().ok_or("the server ended at once")?;
        first_answer(port).await?;
        Ok(Self { name, port, pid, started_in: begin.elapsed(), child })
    }

    /// CPU spent so far.
    pub(crate) fn cpu(&self) -> Duration {
        crate::cpu::of_process(self.pid)
    }

    /// Ends the server.
    pub(crate) async fn stop(mut self) -> Result<()> {
        self.child.kill().await?;
        Ok(())
    }
}

async fn first_answer(port: u16) -> Result<()> {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        match Connection::open(port) {
            Ok(mut connection) => {
                connection.call(&crate::http::get("/json"))?;
                return Ok(());
            }
            Err(error) if Instant::now() > end => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_micros(500)).await,
        }
    }
}

fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
