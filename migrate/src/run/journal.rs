//! MySQL and MariaDB: each DDL statement commits by itself, so a journal says how far a migration came.
//!
//! Before each statement its number is written down. A run that was killed is
//! taken up again: the catalogue tells whether the statement in question has
//! run. Statements that change rows share a transaction with their number.

use nuages::backend::Statement;
use nuages::value::Value;
use nuages::{Db, Error, Result};

use super::steps::Work;
use super::{record, steps};
use crate::editor::{Planned, Shows, Step};
use crate::introspect::introspect;
use crate::project::Direction;
use crate::table::Table;

const CREATE: &str = "CREATE TABLE IF NOT EXISTS nuages_migration_journal (app varchar(100) NOT NULL, \
    name varchar(150) NOT NULL, checksum varchar(64) NOT NULL, forward bool NOT NULL, step integer NOT NULL, \
    done bool NOT NULL, statement longtext NOT NULL, PRIMARY KEY (app, name)) CHARACTER SET utf8mb4";

/// How far a migration came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Point {
    step: i64,
    done: bool,
}

pub(super) async fn run(work: &Work<'_>) -> Result<()> {
    let db = work.db;
    if work.is_settled(db).await? {
        return Ok(());
    }
    if work.planned.is_empty() {
        return work.record(db).await;
    }
    db.execute_script(CREATE).await?;
    let reached = reached(work).await?;
    for (step, planned) in (0_i64..).zip(work.planned) {
        match reached {
            Some(point) if step < point.step || (step == point.step && point.done) => {}
            Some(point) if step == point.step => again(work, step, planned).await?,
            _ => once(work, step, planned).await?,
        }
    }
    db.atomic(async |db| {
        db.execute(Statement::new(
            "DELETE FROM nuages_migration_journal WHERE app = ? AND name = ?",
            record::key(work.one.migration),
        ))
        .await?;
        work.record(&db).await
    })
    .await
}

/// The statement that was under way when a run ended: the catalogue tells whether it has run.
async fn again(work: &Work<'_>, step: i64, planned: &Planned) -> Result<()> {
    match &planned.step {
        Step::Schema { shows: Some(shows), .. } if is_shown(work.db, shows).await? => {
            mark(work, work.db, step, planned, true).await
        }
        _ => once(work, step, planned).await,
    }
}

async fn once(work: &Work<'_>, step: i64, planned: &Planned) -> Result<()> {
    if let Step::Schema { .. } = planned.step {
        mark(work, work.db, step, planned, false).await?;
        return work.step(work.db, planned).await;
    }
    work.db
        .atomic(async |db| {
            work.step(&db, planned).await?;
            mark(work, &db, step, planned, true).await
        })
        .await
}

async fn mark(work: &Work<'_>, db: &Db, step: i64, planned: &Planned, done: bool) -> Result<()> {
    let mut args = record::key(work.one.migration);
    args.extend([
        Value::Text(work.one.migration.checksum()),
        Value::Bool(work.one.direction == Direction::Forward),
        Value::Int(step),
        Value::Bool(done),
        Value::Text(planned.step.sql().join(";\n")),
    ]);
    let sql = "REPLACE INTO nuages_migration_journal (app, name, checksum, forward, step, done, statement) \
               VALUES (?, ?, ?, ?, ?, ?, ?)";
    db.execute(Statement::new(sql, args)).await.map(drop)
}

/// How far an earlier run came with this migration.
async fn reached(work: &steps::Work<'_>) -> Result<Option<Point>> {
    let sql = "SELECT checksum, forward, step, done FROM nuages_migration_journal WHERE app = ? AND name = ?";
    let Some(row) = work.db.fetch_optional(Statement::new(sql, record::key(work.one.migration))).await?
    else {
        return Ok(None);
    };
    let label = work.one.migration.label();
    if row.text(0)?.as_deref() != Some(work.one.migration.checksum().as_str()) {
        return Err(Error::other(format!(
            "migration {label} was edited while it was half applied: restore its file and run `migrate` again"
        )));
    }
    if (row.i64(1)? == Some(1)) != (work.one.direction == Direction::Forward) {
        return Err(Error::other(format!(
            "migration {label} stopped half way in the other direction: finish that first, with the same target as then"
        )));
    }
    Ok(Some(Point { step: row.i64(2)?.unwrap_or(0), done: row.i64(3)? == Some(1) }))
}

async fn is_shown(db: &Db, shows: &Shows) -> Result<bool> {
    let tables = introspect(db).await?;
    let table = |name: &str| tables.get(name);
    Ok(match shows {
        Shows::Table(name, there) => table(name).is_some() == *there,
        Shows::Column(of, name, there) => {
            table(of).is_some_and(|table| table.column(name).is_some() == *there)
        }
        Shows::Shape(of, shape) => {
            let shown = table(of).and_then(|table| table.column(&shape.name));
            shown.is_some_and(|shown| shown.clone().comparable() == shape.clone().comparable())
        }
        Shows::Index(of, name, there) => table(of).is_some_and(|table| has_index(table, name) == *there),
        Shows::Constraint(of, name, there) => {
            table(of).is_some_and(|table| has_constraint(table, name) == *there)
        }
    })
}

fn has_index(table: &Table, name: &str) -> bool {
    table.indexes.iter().any(|index| index.name == name)
        || table.uniques.iter().any(|unique| unique.name == name)
}

fn has_constraint(table: &Table, name: &str) -> bool {
    table.foreign_keys.iter().any(|key| key.name == name)
        || table.checks.iter().any(|check| check.name == name)
}
