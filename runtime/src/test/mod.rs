//! Support for tests: a database per test, a client over the router, and query counting.
//!
//! A test runs on every database that is there: SQLite always, PostgreSQL and MariaDB/MySQL
//! where they answer on their default local ports, or at `NUAGES_TEST_POSTGRES_URL` and
//! `NUAGES_TEST_MYSQL_URL`. Those left out are named loudly; with `NUAGES_REQUIRE_DATABASES`
//! set, as in CI, a missing one fails the test.

mod client;
mod database;
mod login;
mod queries;
mod response;
mod server;
mod site;

pub use client::Client;
pub use database::TestDatabase;
pub use queries::{assert_no_repeats, assert_queries};
pub use response::TestResponse;
pub use server::Server;
pub use site::TestSite;

use std::fmt::Display;
use std::io::Write as _;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use crate::app::Project;
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
    on_each(async |database| test(database.session()).await).await
}

/// Runs a test with a whole project on every database that is there, each time on a fresh one to which
/// the project's migrations were applied.
///
/// ```no_run
/// # use nuages::App;
/// # fn app() -> App { App::new("shop", "shop") }
/// # async fn f() -> nuages::Result<()> {
/// nuages::test::on_each_site(|project| project.app(app()), async |site| {
///     assert_eq!(site.client().get("/nowhere").await?.status(), 404);
///     Ok(())
/// })
/// .await
/// # }
/// ```
///
/// # Errors
/// The first error of the test, with the database's name.
pub async fn on_each_site(
    make: impl Fn(Project) -> Project,
    test: impl AsyncFn(TestSite) -> Result<()>,
) -> Result<()> {
    on_each(async |database| test(TestSite::on(database, &make).await?).await).await
}

/// Says on the terminal what a run leaves out, and why. What a test prints is shown only when it fails; this is shown
/// always.
pub fn not_tested(why: impl Display) {
    // Where nobody listens there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "\n*** NOT TESTED: {why}\n");
}

async fn on_each(test: impl AsyncFn(&TestDatabase) -> Result<()>) -> Result<()> {
    for server in Server::found().await? {
        let database = TestDatabase::create(server).await?;
        let outcome = AssertUnwindSafe(test(&database)).catch_unwind().await;
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
