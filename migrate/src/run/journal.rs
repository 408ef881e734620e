//! How far a migration came that is not one transaction.
//!
//! MySQL and MariaDB commit each change of the schema by itself, PostgreSQL builds indexes outside of
//! transactions, and a migration may say `atomic = false`. Before each such step its number is written
//! down, and after the others it is written in their own transaction. A run that was killed is taken up
//! again: the catalogue tells whether the step under way has run.

use nuages::backend::Statement;
use nuages::value::{ColumnKind, Value};
use nuages::{Db, Error, Result};
use nuages_build::file::Migration;
use nuages_schema::Backend;

use super::record;
use super::steps::Work;
use crate::introspect::is_there;
use crate::project::Direction;

/// How far an earlier run came with a migration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Journal {
    point: Option<Point>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Point {
    step: usize,
    done: bool,
    /// The step behind the last one that may have begun.
    until: usize,
}

impl Journal {
    /// Reads how far an earlier run came, where there was one.
    pub(super) async fn open(work: &Work<'_>) -> Result<Self> {
        create_table(work.db).await?;
        let sql = select(work.db.backend(), "checksum, forward, step, done, steps, position");
        let statement = Statement::new(sql, record::key(work.one.migration));
        let Some(row) = work.db.fetch_optional(statement).await? else { return Ok(Self::default()) };
        let label = work.one.migration.label();
        if row.text(0)?.as_deref() != Some(work.checksum.as_str()) {
            return Err(Error::other(format!(
                "migration {label} was edited while it was half applied: restore its file and run `migrate` again"
            )));
        }
        if (row.i64(1)? == Some(1)) != (work.one.direction == Direction::Forward) {
            return Err(Error::other(format!(
                "migration {label} stopped half way in the other direction: finish that first, with the same target as \
                 then"
            )));
        }
        if row.i64(4)? != i64::try_from(work.planned.len()).ok() {
            return Err(Error::other(format!(
                "migration {label} was half applied by another version of this program, which takes other steps: finish \
                 it with that version"
            )));
        }
        let step = usize::try_from(row.i64(2)?.unwrap_or(0)).unwrap_or_default();
        let until = row.text(5)?.and_then(|text| text.strip_prefix(UNTIL)?.parse().ok()).unwrap_or(step + 1);
        Ok(Self { point: Some(Point { step, done: row.i64(3)? == Some(1), until }) })
    }

    /// Whether a step was done by an earlier run.
    pub(super) fn is_done(self, step: usize) -> bool {
        self.point.is_some_and(|point| step < point.step || (step == point.step && point.done))
    }

    /// Whether a step was under way when an earlier run ended.
    pub(super) fn was_begun(self, step: usize) -> bool {
        self.point.is_some_and(|point| (point.step..point.until).contains(&step) && !point.done)
    }

    /// The step behind the last one that an earlier run had marked.
    pub(super) fn marked(self) -> usize {
        self.point.map_or(0, |point| point.until)
    }
}

/// Writes down that a step is about to run, or is done. What a data step remembered is forgotten with it.
pub(super) async fn mark(work: &Work<'_>, db: &Db, step: usize, done: bool) -> Result<()> {
    write(work, db, step, done, Value::Null(ColumnKind::Text)).await
}

/// Writes down that the steps up to another are about to run.
pub(super) async fn mark_until(work: &Work<'_>, step: usize, until: usize) -> Result<()> {
    write(work, work.db, step, false, Value::Text(format!("{UNTIL}{until}"))).await
}

async fn write(work: &Work<'_>, db: &Db, step: usize, done: bool, position: Value) -> Result<()> {
    let mut args = record::key(work.one.migration);
    let text = work.planned.get(step).map(|planned| planned.step.sql().join(";\n")).unwrap_or_default();
    args.extend([
        Value::Text(work.checksum.clone()),
        Value::Int(i64::from(work.one.direction == Direction::Forward)),
        Value::Int(whole(step)),
        Value::Int(i64::from(done)),
        Value::Int(whole(work.planned.len())),
        Value::Int(i64::from(work.online)),
        Value::Text(text),
        position,
    ]);
    let columns = "app, name, checksum, forward, step, done, steps, online, statement, position";
    let sql = match db.backend() {
        Backend::Postgres => format!(
            "INSERT INTO {TABLE} ({columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
             ON CONFLICT (app, name) DO UPDATE SET checksum = excluded.checksum, forward = excluded.forward, \
             step = excluded.step, done = excluded.done, steps = excluded.steps, online = excluded.online, \
             statement = excluded.statement, position = excluded.position"
        ),
        _ => format!("REPLACE INTO {TABLE} ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    };
    db.execute(Statement::new(sql, args)).await.map(drop)
}

/// Forgets a migration that is done.
pub(super) async fn clear(db: &Db, migration: &Migration) -> Result<()> {
    let sql = match db.backend() {
        Backend::Postgres => "DELETE FROM nuages_migration_journal WHERE app = $1 AND name = $2",
        _ => "DELETE FROM nuages_migration_journal WHERE app = ? AND name = ?",
    };
    db.execute(Statement::new(sql, record::key(migration))).await.map(drop)
}

/// Whether an earlier run of this migration was online; nothing if there was none.
pub(super) async fn was_online(db: &Db, migration: &Migration) -> Result<Option<bool>> {
    if !is_there(db, TABLE).await? {
        return Ok(None);
    }
    let statement = Statement::new(select(db.backend(), "online"), record::key(migration));
    Ok(db
        .fetch_optional(statement)
        .await?
        .map(|row| row.i64(0))
        .transpose()?
        .flatten()
        .map(|online| online == 1))
}

/// What a data step remembered of its batches.
pub(super) async fn position(db: &Db, migration: &Migration) -> Result<String> {
    let statement = Statement::new(select(db.backend(), "position"), record::key(migration));
    let row = db.fetch_optional(statement).await?;
    Ok(row.map(|row| row.text(0)).transpose()?.flatten().unwrap_or_default())
}

/// Remembers how far a data step came, in the transaction of its batch.
pub(super) async fn set_position(db: &Db, migration: &[Value], position: &str) -> Result<()> {
    let sql = match db.backend() {
        Backend::Postgres => "UPDATE nuages_migration_journal SET position = $1 WHERE app = $2 AND name = $3",
        _ => "UPDATE nuages_migration_journal SET position = ? WHERE app = ? AND name = ?",
    };
    let args = std::iter::once(Value::Text(position.to_owned())).chain(migration.iter().cloned()).collect();
    db.execute(Statement::new(sql, args)).await.map(drop)
}

const TABLE: &str = "nuages_migration_journal";
/// How `position` says that the mark stands for the steps up to another.
const UNTIL: &str = "until step ";

fn select(backend: Backend, columns: &str) -> String {
    let condition =
        if backend == Backend::Postgres { "app = $1 AND name = $2" } else { "app = ? AND name = ?" };
    format!("SELECT {columns} FROM {TABLE} WHERE {condition}")
}

async fn create_table(db: &Db) -> Result<()> {
    if is_there(db, TABLE).await? {
        return Ok(());
    }
    let (text, tail) = match db.backend() {
        Backend::Mysql => ("longtext", " CHARACTER SET utf8mb4"),
        _ => ("text", ""),
    };
    db.execute_script(format!(
        "CREATE TABLE IF NOT EXISTS {TABLE} (app varchar(100) NOT NULL, name varchar(150) NOT NULL, \
         checksum varchar(64) NOT NULL, forward bigint NOT NULL, step bigint NOT NULL, done bigint NOT NULL, \
         steps bigint NOT NULL, online bigint NOT NULL, statement {text} NOT NULL, position {text}, \
         PRIMARY KEY (app, name)){tail}"
    ))
    .await
}

fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
