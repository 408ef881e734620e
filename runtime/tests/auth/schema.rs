//! The tables, until migrations make them.

use nuages::Db;
use nuages::backend::Backend;

/// Makes the tables that sessions and logins need.
pub(crate) async fn create(db: &Db) -> nuages::Result<()> {
    let (time, text) = match db.backend() {
        Backend::Sqlite => ("datetime", "text"),
        Backend::Postgres => ("timestamptz", "text"),
        Backend::Mysql => ("datetime(6)", "longtext"),
    };
    db.execute_script(format!(
        "CREATE TABLE nuages_session (token_hash varchar(64) PRIMARY KEY, user_id bigint, auth_hash varchar(64) NOT NULL, \
         data {text} NOT NULL, created {time} NOT NULL, expires {time} NOT NULL, version bigint NOT NULL); \
         CREATE TABLE nuages_login_throttle (subject varchar(64) PRIMARY KEY, failures bigint NOT NULL, since {time} NOT NULL)"
    ))
    .await
}
