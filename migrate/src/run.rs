//! Applies migrations: a lock, one transaction for each with its record, and a journal where DDL commits by itself.

mod backward;
mod data;
pub(crate) mod guard;
mod journal;
mod lock;
mod progress;
mod record;
mod sqlite;
mod steps;

use std::collections::BTreeSet;
use std::time::Duration;

use nuages::backend::Capabilities;
use nuages::{Database, Db, Result};
use nuages_build::file::Migration;
use nuages_build::lint::{Hazard, lint};
use nuages_build::state::{ProjectState, apply};
use nuages_schema::Backend;

pub use data::{DataContext, DataStep, DataSteps};
pub use lock::Lock;
pub use progress::{Progress, Quiet, Terminal};
pub use record::{Record, records};

use crate::editor::{Editor, Planned};
use crate::project::{Direction, Goal, Migrations, Move, Target};

/// Options of a run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to end up.
    pub target: Target,
    /// Only the records are written; the schema is believed to be there already.
    pub fake: bool,
    /// How long to wait for another migrator.
    pub lock_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { target: Target::Everything, fake: false, lock_timeout: Duration::from_secs(60) }
    }
}

/// What a run did: `app.NNNN_name` in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Applied.
    pub applied: Vec<String>,
    /// Taken back.
    pub reversed: Vec<String>,
}

/// Brings a database to the target.
///
/// # Errors
/// When the history in the database and the files disagree, another migrator holds the lock too long,
/// or a step fails; everything before the failing migration stays, and on SQLite and PostgreSQL
/// nothing of the failing one does. Running it again goes on where it stopped.
pub async fn migrate(
    database: &Database,
    migrations: &Migrations,
    steps: &DataSteps,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Done> {
    let db = database.dedicated().await?;
    let lock = Lock::take(&db, options.lock_timeout, progress).await?;
    let outcome = Run { db: &db, migrations, steps, options, progress }.go().await;
    lock.release(&db).await;
    // The connection goes, and with it whatever was set on it.
    let closed = db.close().await;
    outcome.and_then(|done| closed.map(|()| done))
}

/// One run, under the lock.
struct Run<'a> {
    db: &'a Db,
    migrations: &'a Migrations,
    steps: &'a DataSteps,
    options: &'a Options,
    progress: &'a dyn Progress,
}

impl Run<'_> {
    async fn go(&self) -> Result<Done> {
        record::create_table(self.db).await?;
        let records = records(self.db).await?;
        let mut applied: BTreeSet<String> = records.iter().map(Record::label).collect();
        let (migrations, done) = self.migrations.settled(&applied)?;
        guard::agree(&migrations, &records)?;
        for migration in &done {
            record::insert(self.db, migration).await?;
            applied.insert(migration.label());
        }
        Run { migrations: &migrations, ..*self }.follow(applied).await
    }

    async fn follow(&self, applied: BTreeSet<String>) -> Result<Done> {
        let plan = self.migrations.plan(&Goal { target: self.options.target.clone(), applied: &applied })?;
        self.progress.start(plan.len());
        let mut done = Done::default();
        let mut state = self.state_of(&applied)?;
        for one in plan {
            self.progress.begin(one.migration, one.direction);
            state = self.one(one, state).await.map_err(|error| error.context(holds(one)))?;
            self.progress.end(one.migration, one.direction);
            match one.direction {
                Direction::Forward => done.applied.push(one.migration.label()),
                Direction::Backward => done.reversed.push(one.migration.label()),
            }
        }
        self.progress.finish();
        Ok(done)
    }

    /// The state that the applied migrations make.
    fn state_of(&self, applied: &BTreeSet<String>) -> Result<ProjectState> {
        let mut state = empty(self.migrations);
        for migration in self.migrations.ordered().filter(|migration| applied.contains(&migration.label())) {
            for operation in &migration.operations {
                apply(&mut state, &migration.app, operation)?;
            }
        }
        Ok(state)
    }

    /// Runs one migration, and gives back the state after it.
    async fn one(&self, one: Move<'_>, mut state: ProjectState) -> Result<ProjectState> {
        let editor = Editor::new(self.db.backend(), self.db.capabilities());
        let mut planned = planned(editor, self.migrations, one, &mut state)?;
        if self.options.fake {
            planned.clear();
        }
        let work =
            steps::Work { db: self.db, one, planned: &planned, data: self.steps, progress: self.progress };
        match self.db.backend() {
            Backend::Sqlite => sqlite::run(&work).await?,
            Backend::Postgres => steps::run(&work).await?,
            Backend::Mysql => journal::run(&work).await?,
        }
        Ok(state)
    }
}

/// The steps of one migration on one database; the state becomes the one after it.
fn planned(
    editor: Editor,
    migrations: &Migrations,
    one: Move<'_>,
    state: &mut ProjectState,
) -> Result<Vec<Planned>> {
    let operations = match one.direction {
        Direction::Forward => one.migration.operations.clone(),
        Direction::Backward => backward::operations(one.migration, before(migrations, one.migration)?)?,
    };
    editor.steps(state, &one.migration.app, &operations)
}

/// The state before a migration: everything that comes before it in the order.
fn before(migrations: &Migrations, migration: &Migration) -> Result<ProjectState> {
    let mut state = empty(migrations);
    for earlier in migrations.ordered().take_while(|other| other.label() != migration.label()) {
        for operation in &earlier.operations {
            apply(&mut state, &earlier.app, operation)?;
        }
    }
    Ok(state)
}

/// What a migration locks, rewrites or breaks, as [`lint`](nuages_build::lint::lint) finds it.
///
/// # Errors
/// When the migrations before it do not fit each other.
pub fn hazards(migrations: &Migrations, migration: &Migration) -> Result<Vec<Hazard>> {
    Ok(lint(&before(migrations, migration)?, migration))
}

fn empty(migrations: &Migrations) -> ProjectState {
    let mut state = ProjectState::new();
    if let Some(user) = migrations.user() {
        state.set_current_user(user.clone());
    }
    state
}

/// The statements of one migration on one database, without running them.
///
/// # Errors
/// When the migrations do not fit each other, or it cannot be taken back.
pub fn statements(
    migrations: &Migrations,
    migration: &Migration,
    direction: Direction,
    backend: Backend,
    capabilities: &Capabilities,
) -> Result<Vec<String>> {
    let mut state = before(migrations, migration)?;
    if direction == Direction::Backward {
        for operation in &migration.operations {
            apply(&mut state, &migration.app, operation)?;
        }
    }
    let editor = Editor::new(backend, capabilities);
    let planned = planned(editor, migrations, Move { migration, direction }, &mut state)?;
    Ok(planned.iter().flat_map(|planned| planned.step.sql()).collect())
}

/// What holds after a failure, and what to do.
fn holds(one: Move<'_>) -> String {
    let label = one.migration.label();
    match one.direction {
        Direction::Forward => {
            format!(
                "migration {label} failed; what came before it holds. Mend the cause and run `migrate` again"
            )
        }
        Direction::Backward => {
            format!("migration {label} could not be taken back; run `migrate` again to go on")
        }
    }
}
