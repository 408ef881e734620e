//! The admin over a database that was there before, on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use legacy_postgres as store;
use nuages::backend::Backend;

#[path = "../../tests/store/mod.rs"]
mod journey;

#[tokio::test]
async fn the_store_is_browsed_and_edited() {
    journey::on(&[Backend::Postgres]).await;
}
