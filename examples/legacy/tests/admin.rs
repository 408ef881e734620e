//! The admin over a database that was there before, on SQLite and MariaDB.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use legacy as store;
use nuages::backend::Backend;

#[path = "store/mod.rs"]
mod journey;

#[tokio::test]
async fn the_store_is_browsed_and_edited() {
    journey::on(&[Backend::Sqlite, Backend::Mysql]).await;
}
