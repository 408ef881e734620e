//! One migrator at a time: a lock that waits so long and no longer, names its holder, and goes with its process.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::time::{Duration, Instant};

use nuages::backend::Statement;
use nuages::{Db, Error, ErrorKind, Result};
use nuages_schema::Backend;

use super::Progress;

/// The number of the advisory lock on PostgreSQL: `nuages` in ASCII.
const NUMBER: i64 = 0x6e75_6167_6573;

/// How often a lock is asked for again. Asking, not waiting: a session that waits inside PostgreSQL
/// holds a snapshot, which blocks the building of indexes in the session that holds the lock.
const PAUSE: Duration = Duration::from_millis(50);

/// The lock of a migrator. It belongs to the session or process, so a killed one leaves none behind.
#[derive(Debug)]
pub struct Lock {
    /// Held until it is dropped.
    _file: Option<File>,
}

impl Lock {
    /// Takes the lock, waiting for another migrator at most so long.
    ///
    /// # Errors
    /// When another one holds it all the while; the message names it.
    pub async fn take(db: &Db, timeout: Duration, progress: &dyn Progress) -> Result<Self> {
        let start = Instant::now();
        let mut told = false;
        let file = if db.backend() == Backend::Sqlite { open_file(db).await? } else { None };
        loop {
            if try_take(db, file.as_ref()).await? {
                return Ok(Self { _file: file });
            }
            let holder = holder(db, file.as_ref()).await;
            if start.elapsed() >= timeout {
                return Err(Error::new(
                    ErrorKind::Database,
                    format!("another migrator is at work ({holder}); waited {} s", timeout.as_secs()),
                ));
            }
            if !told {
                progress.waiting(&holder);
                told = true;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Gives the lock back. What fails here is set right when the connection closes.
    pub async fn release(self, db: &Db) {
        let sql = match db.backend() {
            Backend::Sqlite => return,
            Backend::Postgres => format!("SELECT pg_advisory_unlock({NUMBER})"),
            Backend::Mysql => format!("SELECT RELEASE_LOCK({MYSQL_NAME})"),
        };
        if let Err(error) = db.fetch(sql.into()).await {
            tracing::warn!("the migration lock goes with its connection: {error}");
        }
    }
}

/// One lock per database, not per server.
const MYSQL_NAME: &str = "CONCAT('nuages:', LEFT(SHA1(DATABASE()), 32))";

async fn try_take(db: &Db, file: Option<&File>) -> Result<bool> {
    let sql = match db.backend() {
        Backend::Sqlite => return try_file(file),
        Backend::Postgres => format!("SELECT pg_try_advisory_lock({NUMBER})::int::bigint"),
        Backend::Mysql => format!("SELECT GET_LOCK({MYSQL_NAME}, 0)"),
    };
    let row = db.fetch_optional(sql.into()).await?;
    Ok(row.map(|row| row.i64(0)).transpose()?.flatten() == Some(1))
}

/// Who holds it, as far as the server tells.
async fn holder(db: &Db, file: Option<&File>) -> String {
    let sql = match db.backend() {
        Backend::Sqlite => return file.map_or_else(String::new, file_holder),
        Backend::Postgres => format!(
            "SELECT 'process ' || a.pid || ' from ' || COALESCE(host(a.client_addr), 'this machine') || \
             CASE WHEN a.application_name = '' THEN '' ELSE ', ' || a.application_name END \
             FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
             WHERE l.locktype = 'advisory' AND l.granted AND (l.classid::bigint << 32 | l.objid::bigint) = {NUMBER}"
        ),
        Backend::Mysql => format!(
            "SELECT CONCAT('connection ', id, ' from ', host, ' as ', user) FROM information_schema.processlist \
             WHERE id = IS_USED_LOCK({MYSQL_NAME})"
        ),
    };
    let row = db.fetch_optional(Statement::new(sql, Vec::new())).await.ok().flatten();
    row.and_then(|row| row.text(0).ok().flatten()).unwrap_or_else(|| "unknown".to_owned())
}

/// A file beside the database, where its write-ahead log stands too: who may write the one may write the other, and
/// every process that opens the database finds the same one.
async fn open_file(db: &Db) -> Result<Option<File>> {
    let row = db.fetch_optional("SELECT file FROM pragma_database_list WHERE name = 'main'".into()).await?;
    let path = row.map(|row| row.text(0)).transpose()?.flatten().unwrap_or_default();
    if path.is_empty() {
        return Ok(None);
    }
    let name = format!("{path}-migrate");
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&name);
    let file = file.map_err(|error| Error::from(error).context(format!("the lock of migrations, {name}")))?;
    Ok(Some(file))
}

fn try_file(file: Option<&File>) -> Result<bool> {
    let Some(mut file) = file else { return Ok(true) };
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0)?;
            file.rewind()?;
            write!(file, "process {}", std::process::id())?;
            Ok(true)
        }
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

fn file_holder(mut file: &File) -> String {
    let mut text = String::new();
    if file.rewind().and_then(|()| file.read_to_string(&mut text)).is_err() || text.is_empty() {
        return "unknown".to_owned();
    }
    text
}
