//! Applies migrations: a lock, one transaction for each with its record, and a journal where DDL commits by itself.

mod adopt;
mod backward;
mod catalogue;
mod creates;
mod data;
mod django;
pub(crate) mod guard;
mod journal;
mod lock;
mod manner;
mod online;
mod parts;
mod progress;
mod record;
mod retry;
mod sqlite;
mod steps;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::Duration;

use nuages::backend::Capabilities;
use nuages::{Database, Db, Result};
use nuages_build::Operation;
use nuages_build::file::Migration;
use nuages_build::lint::{Hazard, lint};
use nuages_build::state::{ProjectState, apply};
use nuages_schema::Backend;

pub use data::{DataContext, DataRow, DataStep, DataSteps};
pub use django::adopt_django;
pub use lock::Lock;
pub use parts::Stop;
pub use progress::{Progress, Quiet, Terminal};
pub(crate) use record::forget;
pub use record::{Record, records};

use crate::change::LiveNames;
use crate::drift::managed_tables;
use crate::editor::{Editor, Planned};
use crate::introspect::introspect;
use crate::project::{Direction, Goal, Migrations, Move, Target};

/// Options of a run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to end up.
    pub target: Target,
    /// Only the records are written; the schema is believed to be there already.
    pub fake: bool,
    /// An app's first migration whose tables are there already is only recorded, if they are what it makes.
    pub fake_initial: bool,
    /// How long to wait for another migrator.
    pub lock_timeout: Duration,
    /// How long one statement waits for a lock on a table, before it lets others pass.
    pub lock_wait: Duration,
    /// How often it tries.
    pub lock_tries: u32,
    /// PostgreSQL: tables with more rows than this are changed beside running writes, outside of one transaction.
    pub online_above: u32,
    /// Asks the run to end early.
    pub stop: Stop,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            target: Target::Everything,
            fake: false,
            fake_initial: false,
            lock_timeout: Duration::from_secs(60),
            lock_wait: Duration::from_secs(5),
            lock_tries: 10,
            online_above: 10_000,
            stop: Stop::default(),
        }
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
/// or a step fails. Everything before the failing migration stays; of the failing one nothing does where it is
/// one transaction, and else the message says which steps hold. Running it again goes on where it stopped.
pub async fn migrate(
    database: &Database,
    migrations: &Migrations,
    steps: &DataSteps,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Done> {
    let db = database.dedicated().await?;
    let lock = Lock::take(&db, options.lock_timeout, progress).await?;
    let outcome = match retry::limit_waits(&db, options).await {
        Ok(()) => Run { db: &db, migrations, steps, options, progress }.go().await,
        Err(error) => Err(error),
    };
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
        let mut state = state_of(self.migrations, &applied)?;
        let adopted = self.is_adopted(&plan, &state).await?;
        for one in plan {
            self.options.stop.heed()?;
            self.progress.begin(one.migration, one.direction);
            state = self.one(one, state, adopted).await.map_err(|error| error.context(holds(one)))?;
            self.progress.end(one.migration, one.direction);
            match one.direction {
                Direction::Forward => done.applied.push(one.migration.label()),
                Direction::Backward => done.reversed.push(one.migration.label()),
            }
        }
        self.progress.finish();
        Ok(done)
    }

    /// Whether constraints and indexes go by other names than migrations give, in a database that was taken over.
    async fn is_adopted(&self, plan: &[Move<'_>], state: &ProjectState) -> Result<bool> {
        if self.options.fake || !plan.iter().any(|one| one.migration.operations.iter().any(alters)) {
            return Ok(false);
        }
        let expected = managed_tables(state, self.db.backend())?;
        let names = LiveNames::new(introspect(self.db).await?);
        Ok(self.options.fake_initial || names.differ_from(&expected))
    }

    /// Runs one migration, and gives back the state after it.
    async fn one(&self, one: Move<'_>, mut state: ProjectState, adopted: bool) -> Result<ProjectState> {
        let editor = Editor::new(self.db.backend(), self.db.capabilities());
        let names = match adopted && one.migration.operations.iter().any(alters) {
            true => LiveNames::new(introspect(self.db).await?),
            false => LiveNames::default(),
        };
        let (mut planned, online) = self.planned(editor, one, &mut state, &names).await?;
        let there = self.options.fake_initial && adopt::is_there(self.db, one, &state).await?;
        if self.options.fake || there {
            planned.clear();
            self.progress.faked(one.migration);
        }
        parts::run(&steps::Work {
            db: self.db,
            one,
            checksum: one.migration.known_checksum(),
            planned: &planned,
            online,
            data: self.steps,
            progress: self.progress,
            stop: &self.options.stop,
            lock_wait: self.options.lock_wait,
            lock_tries: self.options.lock_tries,
        })
        .await?;
        Ok(state)
    }

    /// The steps, beside running writes where a table that they change is large.
    async fn planned(
        &self,
        editor: Editor,
        one: Move<'_>,
        state: &mut ProjectState,
        names: &LiveNames,
    ) -> Result<(Vec<Planned>, bool)> {
        if self.options.fake || !editor.has_online() || !one.migration.operations.iter().any(alters) {
            return Ok((planned(editor, self.migrations, one, state, names)?, false));
        }
        let mut after = state.clone();
        let careful = planned(editor.online(), self.migrations, one, &mut after, names)?;
        if online::is_wanted(self.db, one.migration, &careful, self.options.online_above).await? {
            *state = after;
            return Ok((careful, true));
        }
        Ok((planned(editor, self.migrations, one, state, names)?, false))
    }
}

/// Whether an operation changes a table that was there before.
fn alters(operation: &Operation) -> bool {
    use Operation as O;
    !matches!(
        operation,
        O::CreateModel { .. }
            | O::DeleteModel { .. }
            | O::RenameModel { .. }
            | O::AddManyToMany { .. }
            | O::RemoveManyToMany { .. }
            | O::RunSql { .. }
            | O::RunData { .. }
    )
}

/// The steps of one migration on one database; the state becomes the one after it.
fn planned(
    editor: Editor,
    migrations: &Migrations,
    one: Move<'_>,
    state: &mut ProjectState,
    names: &LiveNames,
) -> Result<Vec<Planned>> {
    let operations = operations_of(migrations, one)?;
    editor.steps(state, &one.migration.app, &operations, &mut names.clone())
}

/// What runs, in order: the operations of a migration, or what takes them back.
pub(crate) fn operations_of<'a>(migrations: &Migrations, one: Move<'a>) -> Result<Cow<'a, [Operation]>> {
    Ok(match one.direction {
        Direction::Forward => Cow::Borrowed(&one.migration.operations),
        Direction::Backward => {
            Cow::Owned(backward::operations(one.migration, before(migrations, one.migration)?)?)
        }
    })
}

/// The state that the applied migrations make.
pub(crate) fn state_of(migrations: &Migrations, applied: &BTreeSet<String>) -> Result<ProjectState> {
    let mut state = empty(migrations);
    for migration in migrations.ordered().filter(|migration| applied.contains(&migration.label())) {
        for operation in &migration.operations {
            apply(&mut state, &migration.app, operation)?;
        }
    }
    Ok(state)
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

/// What a migration locks, rewrites or breaks, as [`nuages_build::lint::lint`] finds it.
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
    let planned =
        planned(editor, migrations, Move { migration, direction }, &mut state, &LiveNames::default())?;
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
