//! Row locks: what each database has of them, and how it spells it.

use nuages_schema::Backend;

use super::Writer;
use crate::backend::Db;
use crate::error::{Error, ErrorKind, Result};
use crate::query::{LockWait, Select};

/// Refuses a lock that would not be one, before anything is sent.
pub(super) fn check(db: &Db, query: &Select) -> Result<()> {
    let Some(lock) = &query.lock else { return Ok(()) };
    if db.backend() == Backend::Sqlite {
        return Ok(()); // `write` says what there is to say.
    }
    if lock.wait != LockWait::Wait && !db.capabilities().skip_locked {
        return refused(format!("this version of {} has no SKIP LOCKED", db.backend().title()));
    }
    if !db.is_atomic() {
        return refused(
            "a row lock lasts as long as its transaction: use it inside `db.atomic(…)`".to_owned(),
        );
    }
    Ok(())
}

/// Writes FOR UPDATE and what belongs to it.
pub(super) fn write(writer: &mut Writer, query: &Select) -> Result<()> {
    let Some(lock) = &query.lock else { return Ok(()) };
    if writer.backend == Backend::Sqlite {
        return refused("SQLite has no row locks; `atomic` has the whole database to itself there");
    }
    if query.distinct || query.grouped || !query.distinct_on.is_empty() {
        return refused("rows that `distinct` or a group made one cannot be locked; lock them by their keys");
    }
    let postgres = writer.backend == Backend::Postgres;
    if lock.no_key && !postgres {
        return refused("`no_key` is PostgreSQL's; leave it out elsewhere");
    }
    writer.push(if lock.no_key { " FOR NO KEY UPDATE" } else { " FOR UPDATE" });
    // An outer join cannot be locked, so where nothing is said it is the rows of the model itself.
    let own = [None];
    let of = if lock.of.is_empty() && postgres { &own[..] } else { &lock.of };
    if !of.is_empty() && writer.mariadb {
        return refused("MariaDB has no `FOR UPDATE OF`; lock the rows of each model by a query of its own");
    }
    for (at, hop) in of.iter().enumerate() {
        writer.push(if at > 0 { ", t" } else { " OF t" });
        let alias = writer.alias_of(*hop).to_string();
        writer.push(&alias);
    }
    writer.push(match lock.wait {
        LockWait::Wait => "",
        LockWait::NoWait => " NOWAIT",
        LockWait::SkipLocked => " SKIP LOCKED",
    });
    Ok(())
}

fn refused<T>(text: impl Into<std::borrow::Cow<'static, str>>) -> Result<T> {
    Err(Error::new(ErrorKind::NotSupported, text))
}
