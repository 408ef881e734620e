//! Locks are waited for a short while and asked for again, so that a migration behind a long transaction does
//! not hold up everybody who comes after it.

use std::time::Duration;

use nuages::{Db, Error, Result};
use nuages_schema::Backend;

use super::Options;
use super::steps::{Work, statement};

/// How long a build of an index may wait for older transactions, in waits of a statement: it holds nobody up.
const PATIENT: u32 = 12;

/// Sets on the session how long one statement may wait for a lock.
pub(super) async fn limit_waits(db: &Db, options: &Options) -> Result<()> {
    set(db, options.lock_wait).await
}

async fn set(db: &Db, wait: Duration) -> Result<()> {
    let sql = match db.backend() {
        // SQLite's busy timeout is a setting of the connection.
        Backend::Sqlite => return Ok(()),
        Backend::Postgres => format!("SET lock_timeout = {}", wait.as_millis().max(1)),
        Backend::Mysql => {
            let seconds = wait.as_secs().max(1);
            format!("SET lock_wait_timeout = {seconds}, innodb_lock_wait_timeout = {seconds}")
        }
    };
    db.execute_script(sql).await
}

/// Runs a statement that nobody has to wait for, and lets it wait longer.
pub(super) async fn waiting_long(work: &Work<'_>, db: &Db, sql: String) -> Result<()> {
    set(db, work.lock_wait * PATIENT).await?;
    let outcome = statement(db, sql).await;
    // In a transaction that failed this fails too, and rolling it back puts the setting back.
    let reset = set(db, work.lock_wait).await;
    outcome.and(reset)
}

/// How often a part was tried because a lock was not to be had.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    tries: u32,
}

impl Patience {
    pub(super) fn new() -> Self {
        Self { tries: 1 }
    }

    /// Waits a little after an error that another try may not have.
    ///
    /// # Errors
    /// That error, when it is another or was met too often.
    pub(super) async fn after(&mut self, work: &Work<'_>, error: Error) -> Result<()> {
        if !error.is_serialization() {
            return Err(error);
        }
        if self.tries >= work.lock_tries {
            return Err(error.context(format!(
                "a lock was not to be had in {} tries of {} s each: end the long transaction that holds the table, or \
                 run it at a quieter time",
                self.tries,
                work.lock_wait.as_secs()
            )));
        }
        work.progress.retry(self.tries, work.lock_tries, &error);
        work.stop.heed()?;
        // Longer each time, two seconds at most.
        let pause = Duration::from_millis(100 * u64::from(self.tries).pow(2));
        tokio::time::sleep(pause.min(Duration::from_secs(2))).await;
        self.tries += 1;
        Ok(())
    }
}
