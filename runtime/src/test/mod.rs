//! Support for tests: a database per test, a client over the router, and query counting.
//!
//! A test runs on every database that is there: SQLite always, PostgreSQL and MariaDB/MySQL
//! where they answer on their default local ports, or at `NUAGES_TEST_POSTGRES_URL` and
//! `NUAGES_TEST_MYSQL_URL`. Those left out are named loudly; with `NUAGES_REQUIRE_DATABASES`
//! set, as in CI, a missing one fails the test.

mod database;
mod queries;
mod server;

pub use database::TestDatabase;
pub use queries::assert_queries;
pub use server::Server;

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use crate::{Db, Result};

/// Runs a test on every database that is there, each time on a fresh, empty one that is removed
/// afterwards, whether the test holds or not.
///
/// ```no_run
/// # async fn f() -> nuages::Result<()> {
/// nuages::test::on_each_database(async |db| {
///     db.execute_script("CREATE TABLE t (a integer)").await
/// })
/// .await
/// # }
/// ```
///
/// # Errors
/// The first error of the test, with the database's name.
pub async fn on_each_database(test: impl AsyncFn(Db) -> Result<()>) -> Result<()> {
    for server in Server::found().await? {
        let database = TestDatabase::create(&server).await?;
        let outcome = AssertUnwindSafe(test(database.session())).catch_unwind().await;
        database.remove().await?;
        match outcome {
            Ok(result) => result.map_err(|error| error.context(server.backend().title()))?,
            Err(panic) => {
                eprintln!("the test failed on {}", server.backend().title());
                std::panic::resume_unwind(panic);
            }
        }
    }
    Ok(())
}
