//! A database that already exists: the Chinook store, from its own scripts, on every database.
//!
//! Each query is held against plain SQL on the same data.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![allow(clippy::duplicate_mod, reason = "the same queries over two spellings of the models")]

mod sql;

use std::path::PathBuf;

use nuages::schema::Backend;
use nuages::test::{Server, TestDatabase};

/// The models as SQLite and MySQL spell them.
#[path = "."]
mod pascal {
    use legacy::models;
    #[path = "queries/mod.rs"]
    pub(crate) mod queries;
}

/// The models as PostgreSQL spells them.
#[path = "."]
mod snake {
    use legacy_postgres::models;
    #[path = "queries/mod.rs"]
    pub(crate) mod queries;
}

/// The scripts, beside the tree; where they are missing the run says so, or fails if everything is required.
fn script(backend: Backend) -> Option<String> {
    let name = match backend {
        Backend::Sqlite => "Chinook_Sqlite.sql",
        Backend::Postgres => "Chinook_PostgreSql.sql",
        Backend::Mysql => "Chinook_MySql.sql",
    };
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/chinook").join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) => {
            let required = std::env::var_os("NUAGES_REQUIRE_DATABASES").is_some();
            assert!(!required, "{}: {error}", path.display());
            nuages::test::not_tested(format!("the Chinook script is not there: {}", path.display()));
            None
        }
    }
}

/// The store in a fresh database of its own. What the script says about databases is left out.
async fn store(server: &Server, script: &str) -> nuages::Result<TestDatabase> {
    let database = TestDatabase::create(server).await?;
    let about_databases = ["DROP DATABASE", "CREATE DATABASE", "USE ", "\\c "];
    let tables: Vec<&str> =
        script.lines().filter(|line| !about_databases.iter().any(|start| line.starts_with(start))).collect();
    database.session().execute_script(tables.join("\n")).await?;
    Ok(database)
}

#[tokio::test]
async fn our_answers_are_those_of_plain_sql() -> nuages::Result<()> {
    for server in Server::found().await? {
        let Some(script) = script(server.backend()) else { continue };
        let database = store(server, &script).await?;
        let db = database.session();
        let outcome = match server.backend() {
            Backend::Postgres => snake::queries::all(&db).await,
            _ => pascal::queries::all(&db).await,
        };
        outcome.map_err(|error| error.context(server.backend().title()))?;
        database.remove().await?;
    }
    Ok(())
}

/// A run without servers leaves out what needs them, holds, and says so where it is seen.
#[test]
fn what_is_left_out_is_said_although_the_test_holds() {
    let nowhere = |scheme: &str| format!("{scheme}://nobody@127.0.0.1:1/nothing");
    let run = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "our_answers_are_those_of_plain_sql"])
        .env("NUAGES_TEST_POSTGRES_URL", nowhere("postgres"))
        .env("NUAGES_TEST_MYSQL_URL", nowhere("mysql"))
        .env_remove("NUAGES_REQUIRE_DATABASES")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    for title in ["PostgreSQL", "MySQL/MariaDB"] {
        assert!(said.contains(&format!("*** NOT TESTED: anything on {title}: ")), "{said}");
    }
}
