//! What a change does to a live table while it runs: which lock it takes, and whether it reads or copies the rows.

use std::collections::BTreeMap;

use nuages::backend::{Statement, quote_identifier};
use nuages::{Db, Result};
use nuages_schema::Backend;

use crate::change::{Change, Part};
use crate::table::Column;

/// What a change does to one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The table, by its name when the change runs.
    pub table: String,
    /// The lock, as the database calls it.
    pub lock: &'static str,
    /// What is done under it.
    pub work: &'static str,
}

const AT_ONCE: &str = "at once";
const READS: &str = "reads every row";
const WRITES: &str = "writes every row";
const COPIES: &str = "copies every row";

/// The effects of a change on tables that are there already. New tables hold nobody up.
#[must_use]
pub fn effects(backend: Backend, change: &Change, online: bool) -> Vec<Effect> {
    match change {
        Change::Create(_) => Vec::new(),
        Change::Drop(table) => vec![whole(backend, &table.name)],
        Change::RenameTable { from, .. } => vec![whole(backend, from)],
        Change::RenameColumn { table, .. } => vec![whole(backend, table)],
        Change::Alter(alteration) => {
            let table = &alteration.after.name;
            let parts = alteration.parts.iter().flat_map(|part| match backend {
                Backend::Sqlite => sqlite(table, part),
                Backend::Postgres => postgres(table, part, online),
                Backend::Mysql => mysql(table, part),
            });
            let mut effects: Vec<Effect> = Vec::new();
            for effect in parts {
                if !effects.contains(&effect) {
                    effects.push(effect);
                }
            }
            effects
        }
    }
}

/// A change of names and whole tables.
fn whole(backend: Backend, table: &str) -> Effect {
    let lock = match backend {
        Backend::Sqlite => SQLITE,
        Backend::Postgres => "ACCESS EXCLUSIVE",
        Backend::Mysql => "metadata lock",
    };
    Effect { table: table.to_owned(), lock, work: AT_ONCE }
}

const SQLITE: &str = "the database's write lock";

fn sqlite(table: &str, part: &Part) -> Vec<Effect> {
    let work = match part {
        Part::DropUnique(_) | Part::DropIndex(_) => AT_ONCE,
        Part::AddUnique(_) | Part::AddIndex(_) | Part::RenameUnique(..) | Part::RenameIndex(..) => READS,
        Part::AddColumn(column, None) if column.nullable => AT_ONCE,
        _ => COPIES,
    };
    vec![Effect { table: table.to_owned(), lock: SQLITE, work }]
}

fn postgres(table: &str, part: &Part, online: bool) -> Vec<Effect> {
    const EXCLUSIVE: &str = "ACCESS EXCLUSIVE";
    const BESIDE: &str = "SHARE UPDATE EXCLUSIVE (reads and writes go on)";
    let effect = |table: &str, lock, work| Effect { table: table.to_owned(), lock, work };
    let here = |lock, work| vec![effect(table, lock, work)];
    match part {
        Part::AddColumn(_, None) => here(EXCLUSIVE, AT_ONCE),
        Part::AddColumn(_, Some(fill)) if fill.constant => here(EXCLUSIVE, AT_ONCE),
        Part::AddColumn(..) if online => {
            vec![effect(table, EXCLUSIVE, AT_ONCE), effect(table, "row locks", WRITES)]
        }
        Part::AddColumn(..) => here(EXCLUSIVE, WRITES),
        Part::AlterColumn(old, new, _) if old.sql_type != new.sql_type => match is_widened(old, new) {
            true => here(EXCLUSIVE, AT_ONCE),
            false => here(EXCLUSIVE, COPIES),
        },
        // The rows stay as they are; the indexes over the column are built anew.
        Part::AlterColumn(old, new, None) if old.collation != new.collation => here(EXCLUSIVE, READS),
        Part::AlterColumn(old, new, fill) if old.nullable && !new.nullable => match (online, fill) {
            (true, _) => vec![effect(table, BESIDE, READS), effect(table, EXCLUSIVE, AT_ONCE)],
            (false, Some(_)) => here(EXCLUSIVE, WRITES),
            (false, None) => here(EXCLUSIVE, READS),
        },
        Part::AddIndex(_) | Part::DropIndex(_) if online => here(BESIDE, READS),
        Part::AddIndex(_) => here("SHARE (writes wait)", READS),
        Part::AddUnique(_) if online => vec![effect(table, BESIDE, READS), effect(table, EXCLUSIVE, AT_ONCE)],
        Part::AddUnique(_) => here(EXCLUSIVE, READS),
        Part::AddCheck(_) if online => vec![effect(table, EXCLUSIVE, AT_ONCE), effect(table, BESIDE, READS)],
        Part::AddCheck(_) => here(EXCLUSIVE, READS),
        Part::AddForeignKey(key) => {
            let lock = "SHARE ROW EXCLUSIVE (writes wait)";
            let own = if online { (lock, AT_ONCE) } else { (lock, READS) };
            let mut effects = vec![effect(table, own.0, own.1), effect(&key.table, lock, AT_ONCE)];
            if online {
                effects.push(effect(table, BESIDE, READS));
            }
            effects
        }
        _ => here(EXCLUSIVE, AT_ONCE),
    }
}

/// A longer text is the same on disk.
fn is_widened(old: &Column, new: &Column) -> bool {
    let length = |column: &Column| {
        let text = column.sql_type.strip_prefix("character varying(")?.strip_suffix(')')?;
        text.parse::<u32>().ok()
    };
    match (length(old), length(new)) {
        (Some(old), Some(new)) => new >= old,
        (Some(_), None) => new.sql_type == "text",
        _ => false,
    }
}

fn mysql(table: &str, part: &Part) -> Vec<Effect> {
    const INSTANT: &str = "ALGORITHM=INSTANT where the server can";
    const BESIDE: &str = "ALGORITHM=INPLACE, LOCK=NONE (reads and writes go on)";
    const COPY: &str = "ALGORITHM=COPY, LOCK=SHARED (writes wait)";
    let (lock, work) = match part {
        Part::AddColumn(_, Some(_)) => ("row locks", WRITES),
        Part::AddColumn(..) | Part::RenameIndex(..) | Part::RenameUnique(..) => (INSTANT, AT_ONCE),
        Part::DropIndex(_) | Part::DropUnique(_) | Part::DropForeignKey(_) | Part::DropCheck(_) => {
            (BESIDE, AT_ONCE)
        }
        Part::AddIndex(_) | Part::AddUnique(_) => (BESIDE, READS),
        Part::DropColumn(_) => (BESIDE, COPIES),
        Part::AlterColumn(old, new, None) if old.sql_type == new.sql_type => (BESIDE, COPIES),
        _ => (COPY, COPIES),
    };
    vec![Effect { table: table.to_owned(), lock, work }]
}

/// About how many rows tables have, without counting them: what the planner believes, and on SQLite the
/// highest number of a row. A table that is not there has none.
///
/// # Errors
/// When the catalogue cannot be read.
pub async fn estimated_rows(db: &Db, tables: &[String]) -> Result<BTreeMap<String, u64>> {
    let mut rows = BTreeMap::new();
    for table in tables {
        if let Some(count) = estimate(db, table).await? {
            rows.insert(table.clone(), count);
        }
    }
    Ok(rows)
}

async fn estimate(db: &Db, table: &str) -> Result<Option<u64>> {
    if !crate::introspect::is_there(db, table).await? {
        return Ok(None);
    }
    let quoted = quote_identifier(db.backend(), table)?;
    let number = match db.backend() {
        Backend::Sqlite => {
            let sql = format!("SELECT COALESCE(MAX(rowid), 0) FROM {quoted}");
            db.fetch_optional(sql.into()).await?.map(|row| row.i64(0)).transpose()?.flatten()
        }
        Backend::Postgres => {
            let plan = db.fetch_optional(format!("EXPLAIN SELECT 1 FROM {quoted}").into()).await?;
            plan.map(|row| row.text(0)).transpose()?.flatten().and_then(|plan| planned_rows(&plan))
        }
        Backend::Mysql => {
            let sql = "SELECT CAST(table_rows AS SIGNED) FROM information_schema.tables \
                       WHERE table_schema = DATABASE() AND table_name = ?";
            let statement = Statement::new(sql, vec![nuages::value::Value::Text(table.to_owned())]);
            db.fetch_optional(statement).await?.map(|row| row.i64(0)).transpose()?.flatten()
        }
    };
    Ok(number.and_then(|number| u64::try_from(number).ok()))
}

/// `Seq Scan on t  (cost=0.00..35.50 rows=2550 width=4)`
fn planned_rows(plan: &str) -> Option<i64> {
    plan.split_once(" rows=")?.1.split(' ').next()?.parse().ok()
}
