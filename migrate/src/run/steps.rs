//! Runs one step.

use std::time::Duration;

use nuages::backend::Statement;
use nuages::{Db, Error, Result};
use nuages_build::state::ProjectState;
use nuages_schema::Backend;

use super::parts::Stop;
use super::{DataContext, DataSteps, Progress, data, record, retry, sqlite};
use crate::editor::{Planned, Step};
use crate::project::{Direction, Move};

/// One migration that runs.
pub(super) struct Work<'a> {
    pub(super) db: &'a Db,
    pub(super) one: Move<'a>,
    /// Of its migration, which is large to be read again for each step.
    pub(super) checksum: String,
    pub(super) planned: &'a [Planned],
    /// Whether large tables are changed beside running writes.
    pub(super) online: bool,
    pub(super) data: &'a DataSteps,
    pub(super) progress: &'a dyn Progress,
    pub(super) stop: &'a Stop,
    pub(super) lock_wait: Duration,
    pub(super) lock_tries: u32,
}

impl Work<'_> {
    /// Whether another migrator has done it, where the lock could not keep it out.
    pub(super) async fn is_settled(&self, db: &Db) -> Result<bool> {
        let recorded = record::is_recorded(db, self.one.migration).await?;
        Ok(recorded == (self.one.direction == Direction::Forward))
    }

    pub(super) async fn record(&self, db: &Db) -> Result<()> {
        match self.one.direction {
            Direction::Forward => record::insert(db, self.one.migration).await,
            Direction::Backward => record::delete(db, self.one.migration).await,
        }
    }

    pub(super) async fn step(&self, db: &Db, planned: &Planned) -> Result<()> {
        self.progress.step(&planned.step);
        self.carry_out(db, planned).await?;
        self.progress.stepped(&planned.step);
        Ok(())
    }

    async fn carry_out(&self, db: &Db, planned: &Planned) -> Result<()> {
        match &planned.step {
            Step::Schema { sql, .. } if db.backend() == Backend::Mysql => self.online(db, sql).await,
            Step::Schema { sql, .. } => self.send(db, sql.clone()).await,
            Step::Rows(sql) => statement(db, sql.clone()).await,
            Step::Apart { sql, .. } | Step::Concurrently { sql, .. } => {
                retry::waiting_long(self, db, sql.clone()).await
            }
            Step::Empty { table, column } => empty(db, table, column).await,
            Step::Rebuild(rebuild) => sqlite::rebuild(db, rebuild).await,
            Step::Data(function) => self.data_step(db, function, planned.shape.as_ref()).await,
        }
    }

    async fn send(&self, db: &Db, sql: String) -> Result<()> {
        self.progress.sent(&sql);
        statement(db, sql).await
    }

    /// MySQL and MariaDB are asked to change a table beside running writes, and take the way that they have for
    /// it: at once, in place, or as a copy that holds writes up. A way that they refuse changes nothing.
    async fn online(&self, db: &Db, sql: &str) -> Result<()> {
        if sql.starts_with("ALTER TABLE") {
            for hint in [", ALGORITHM=INSTANT", ", ALGORITHM=INPLACE, LOCK=NONE"] {
                match self.send(db, format!("{sql}{hint}")).await {
                    Err(error) if error.is_not_supported() => {}
                    other => return other,
                }
            }
        }
        self.send(db, sql.to_owned()).await
    }

    async fn data_step(&self, db: &Db, function: &str, shape: Option<&ProjectState>) -> Result<()> {
        let app = &self.one.migration.app;
        let step = self.data.find(app, function).ok_or_else(|| {
            Error::other(format!(
                "the data step `{function}` of `{app}` is not in this binary: restore the function, or mark it \
                 `#[data_step]`"
            ))
        })?;
        let context = DataContext::new(db.clone(), app, shape.cloned().unwrap_or_default());
        data::run(self, step, context).await
    }
}

pub(super) async fn statement(db: &Db, sql: String) -> Result<()> {
    let failed = format!("the statement {sql:?} failed");
    db.execute_script(sql).await.map_err(|error| error.context(failed))
}

/// Refuses a table with rows.
async fn empty(db: &Db, table: &str, column: &str) -> Result<()> {
    let quoted = nuages::backend::quote_identifier(db.backend(), table)?;
    let one = if db.backend() == Backend::Postgres { "1::bigint" } else { "1" };
    let sql = Statement::new(format!("SELECT {one} FROM {quoted} LIMIT 1"), Vec::new());
    match db.fetch_optional(sql).await? {
        None => Ok(()),
        Some(_) => Err(Error::other(format!(
            "the column `{column}` of `{table}` takes no NULL and the migration has no value for the rows that are there"
        ))),
    }
}
