//! Runs the steps of one migration, and records it in the same transaction.

use nuages::backend::Statement;
use nuages::{Db, Error, Result};
use nuages_build::state::ProjectState;
use nuages_schema::Backend;

use super::{DataContext, DataSteps, Progress, record, sqlite};
use crate::editor::{Planned, Step};
use crate::project::{Direction, Move};

/// One migration that runs.
pub(super) struct Work<'a> {
    pub(super) db: &'a Db,
    pub(super) one: Move<'a>,
    pub(super) planned: &'a [Planned],
    pub(super) data: &'a DataSteps,
    pub(super) progress: &'a dyn Progress,
}

/// PostgreSQL: everything in one transaction, unless the migration says `atomic = false`.
pub(super) async fn run(work: &Work<'_>) -> Result<()> {
    if !work.one.migration.atomic {
        work.all(work.db).await?;
        return work.record(work.db).await;
    }
    work.db
        .atomic(async |db| {
            if work.is_settled(&db).await? {
                return Ok(());
            }
            work.all(&db).await?;
            work.record(&db).await
        })
        .await
}

impl Work<'_> {
    /// Whether another migrator has done it, where the lock could not keep it out.
    pub(super) async fn is_settled(&self, db: &Db) -> Result<bool> {
        let recorded = record::is_recorded(db, self.one.migration).await?;
        Ok(recorded == (self.one.direction == Direction::Forward))
    }

    pub(super) async fn all(&self, db: &Db) -> Result<()> {
        for planned in self.planned {
            self.step(db, planned).await?;
        }
        Ok(())
    }

    pub(super) async fn record(&self, db: &Db) -> Result<()> {
        match self.one.direction {
            Direction::Forward => record::insert(db, self.one.migration).await,
            Direction::Backward => record::delete(db, self.one.migration).await,
        }
    }

    pub(super) async fn step(&self, db: &Db, planned: &Planned) -> Result<()> {
        self.progress.step(&planned.step);
        match &planned.step {
            Step::Schema { sql, .. } | Step::Rows(sql) => db
                .execute_script(sql.clone())
                .await
                .map_err(|error| error.context(format!("the statement {sql:?} failed"))),
            Step::Empty { table, column } => empty(db, table, column).await,
            Step::Rebuild(rebuild) => sqlite::rebuild(db, rebuild).await,
            Step::Data(function) => self.data_step(db, function, planned.shape.as_ref()).await,
        }
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
        (step.run)(context).await
    }
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
