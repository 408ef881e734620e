//! The table of applied migrations.

use nuages::backend::Statement;
use nuages::value::Value;
use nuages::{Db, Error, Result};
use nuages_build::file::Migration;
use nuages_schema::Backend;

use crate::introspect::is_there;

/// The table.
const TABLE: &str = "nuages_migrations";

/// One applied migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The app's label.
    pub app: String,
    /// The migration's name.
    pub name: String,
    /// The checksum of what was applied.
    pub checksum: String,
}

impl Record {
    /// `app.NNNN_name`
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}.{}", self.app, self.name)
    }
}

/// The applied migrations: one query. A database that was never migrated has none.
///
/// # Errors
/// When the database cannot be read.
pub async fn records(db: &Db) -> Result<Vec<Record>> {
    let sql = "SELECT app, name, checksum FROM nuages_migrations ORDER BY applied, app, name";
    let rows = match db.fetch(sql.into()).await {
        Ok(rows) => rows,
        Err(_) if !is_there(db, TABLE).await? => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let text = |row: &nuages::backend::Row, at| -> Result<String> {
        row.text(at)?
            .ok_or_else(|| Error::other("the table `nuages_migrations` holds NULL where a name belongs"))
    };
    rows.iter()
        .map(|row| Ok(Record { app: text(row, 0)?, name: text(row, 1)?, checksum: text(row, 2)? }))
        .collect()
}

/// Whether a migration was ever applied in parts.
pub(super) async fn has_journal(db: &Db) -> Result<bool> {
    is_there(db, "nuages_migration_journal").await
}

/// Makes the table where it is not there yet.
pub(super) async fn create_table(db: &Db) -> Result<()> {
    if is_there(db, TABLE).await? {
        return Ok(());
    }
    let (time, tail) = match db.backend() {
        Backend::Sqlite => ("datetime", ""),
        Backend::Postgres => ("timestamp with time zone", ""),
        Backend::Mysql if db.capabilities().mariadb => {
            ("datetime(6)", " CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin")
        }
        Backend::Mysql => ("datetime(6)", " CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin"),
    };
    db.execute_script(format!(
        "CREATE TABLE IF NOT EXISTS {TABLE} (app varchar(100) NOT NULL, name varchar(150) NOT NULL, \
         checksum varchar(64) NOT NULL, applied {time} NOT NULL, PRIMARY KEY (app, name)){tail}"
    ))
    .await
}

/// Whether a migration is recorded, asked again inside its transaction.
pub(super) async fn is_recorded(db: &Db, migration: &Migration) -> Result<bool> {
    let sql = match db.backend() {
        Backend::Postgres => "SELECT name FROM nuages_migrations WHERE app = $1 AND name = $2",
        _ => "SELECT name FROM nuages_migrations WHERE app = ? AND name = ?",
    };
    Ok(db.fetch_optional(Statement::new(sql, key(migration))).await?.is_some())
}

/// Records a migration as applied.
pub(super) async fn insert(db: &Db, migration: &Migration) -> Result<()> {
    let (sql, now) = match db.backend() {
        Backend::Postgres => {
            ("INSERT INTO nuages_migrations (app, name, checksum, applied) VALUES ($1, $2, $3, ", "now())")
        }
        Backend::Sqlite => (
            "INSERT INTO nuages_migrations (app, name, checksum, applied) VALUES (?, ?, ?, ",
            "strftime('%Y-%m-%d %H:%M:%f000', 'now'))",
        ),
        Backend::Mysql => (
            "INSERT INTO nuages_migrations (app, name, checksum, applied) VALUES (?, ?, ?, ",
            "UTC_TIMESTAMP(6))",
        ),
    };
    let mut args = key(migration);
    args.push(Value::Text(migration.known_checksum()));
    db.execute(Statement::new(format!("{sql}{now}"), args)).await.map(drop)
}

/// Deletes a record whose migration is gone.
pub(crate) async fn forget(db: &Db, record: &Record) -> Result<()> {
    let args = vec![Value::Text(record.app.clone()), Value::Text(record.name.clone())];
    db.execute(Statement::new(delete_sql(db.backend()), args)).await.map(drop)
}

/// Records a migration as taken back, and all that it stands for.
pub(super) async fn delete(db: &Db, migration: &Migration) -> Result<()> {
    for name in std::iter::once(&migration.name).chain(&migration.replaces) {
        let key = vec![Value::Text(migration.app.clone()), Value::Text(name.clone())];
        db.execute(Statement::new(delete_sql(db.backend()), key)).await?;
    }
    Ok(())
}

fn delete_sql(backend: Backend) -> &'static str {
    match backend {
        Backend::Postgres => "DELETE FROM nuages_migrations WHERE app = $1 AND name = $2",
        _ => "DELETE FROM nuages_migrations WHERE app = ? AND name = ?",
    }
}

pub(super) fn key(migration: &Migration) -> Vec<Value> {
    vec![Value::Text(migration.app.clone()), Value::Text(migration.name.clone())]
}
