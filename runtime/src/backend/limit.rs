//! A limit on the time of one statement, kept by the server; by the library where there is no server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::Statement;
use super::connection::{Connection, Done, Sink};
use super::failure::Failure;

/// Steps of SQLite's machine between two looks at the clock.
#[cfg(feature = "sqlite")]
const STEPS: i32 = 1_000;

/// SQLite's clock looks only while this lives: a statement that was dropped half way limits none that follow.
struct Armed(Arc<AtomicBool>);

impl Drop for Armed {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl Connection {
    /// Sends a statement, within its limit if it has one.
    pub(super) async fn run_statement(
        &mut self,
        statement: &mut Statement,
        mariadb: bool,
        sink: &mut Sink<'_>,
    ) -> Result<Done, Failure> {
        match statement.limit {
            None => self.run(statement, sink).await,
            // Few have one, and the others need not move its future along with theirs.
            Some(limit) => Box::pin(self.run_within(limit, mariadb, statement, sink)).await,
        }
    }

    /// As [`run`](Self::run), with a limit. Elsewhere than on SQLite it takes two short messages more.
    async fn run_within(
        &mut self,
        limit: Duration,
        mariadb: bool,
        statement: &mut Statement,
        sink: &mut Sink<'_>,
    ) -> Result<Done, Failure> {
        let armed = self.set_limit(limit, mariadb).await?;
        let outcome = self.run(statement, sink).await;
        drop(armed);
        // A transaction that failed takes its settings with it when it is rolled back.
        let lifted = self.lift_limit(mariadb).await;
        let done = outcome?;
        lifted.map(|()| done)
    }

    #[allow(unused_variables, reason = "what is used depends on the databases that are linked")]
    async fn set_limit(&mut self, limit: Duration, mariadb: bool) -> Result<Option<Armed>, Failure> {
        let millis = limit.as_millis().max(1);
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(connection) => {
                let armed = Arc::new(AtomicBool::new(true));
                let (seen, end) = (Arc::clone(&armed), std::time::Instant::now() + limit);
                let mut handle = connection.lock_handle().await.map_err(Failure::from_driver)?;
                handle.set_progress_handler(STEPS, move || {
                    !seen.load(Ordering::Relaxed) || std::time::Instant::now() < end
                });
                Ok(Some(Armed(armed)))
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => {
                // What has a limit is planned for its values. A plan for any values may take a pattern of which little
                // is known for one that fits many rows, and walk through all of them instead of using an index.
                let text =
                    format!("SET statement_timeout = {millis}; SET plan_cache_mode = force_custom_plan");
                self.script(text.into()).await.map(|()| None)
            }
            #[cfg(feature = "mysql")]
            Self::Mysql(_) => {
                let text = if mariadb {
                    format!("SET SESSION max_statement_time = {}", limit.as_secs_f64().max(0.001))
                } else {
                    format!("SET SESSION max_execution_time = {millis}")
                };
                self.script(text.into()).await.map(|()| None)
            }
            Self::None(never) => match *never {},
        }
    }

    #[allow(unused_variables, reason = "not used where MySQL is not linked")]
    async fn lift_limit(&mut self, mariadb: bool) -> Result<(), Failure> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(connection) => {
                connection.lock_handle().await.map_err(Failure::from_driver)?.remove_progress_handler();
                Ok(())
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => self.script("RESET statement_timeout; RESET plan_cache_mode".into()).await,
            #[cfg(feature = "mysql")]
            Self::Mysql(_) => {
                let name = if mariadb { "max_statement_time" } else { "max_execution_time" };
                self.script(format!("SET SESSION {name} = DEFAULT").into()).await
            }
            Self::None(never) => match *never {},
        }
    }
}
