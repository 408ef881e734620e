//! Connections, sessions, values and errors, on every database that is there.
#![cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]
#![allow(unused_crate_dependencies, missing_docs, reason = "a test")]

mod cancelled;
mod constraints;
mod foreign_tables;
mod pool;
mod sessions;
mod transactions;
mod values;

use nuages::backend::{Backend, Statement};
use nuages::test::on_each_database;
use nuages::value::Value;
use nuages::{Db, Result};

/// A statement whose `?` are spelled as the database spells placeholders.
fn statement(db: &Db, sql: &str, args: Vec<Value>) -> Statement {
    if db.backend() != Backend::Postgres {
        return Statement::new(sql.to_owned(), args);
    }
    let mut numbered = String::new();
    for (number, part) in sql.split('?').enumerate() {
        if number > 0 {
            numbered.push_str(&format!("${number}"));
        }
        numbered.push_str(part);
    }
    Statement::new(numbered, args)
}

/// A table of counters with the rows 1, 2 and 3.
async fn counters(db: &Db) -> Result<()> {
    db.execute("CREATE TABLE counter (id integer PRIMARY KEY, n integer NOT NULL)".into()).await?;
    db.execute("INSERT INTO counter (id, n) VALUES (1, 0), (2, 0), (3, 0)".into()).await?;
    Ok(())
}

async fn add(db: &Db, id: i64) -> Result<u64> {
    db.execute(statement(db, "UPDATE counter SET n = n + 1 WHERE id = ?", vec![Value::Int(id)])).await
}

async fn count(db: &Db, id: i64) -> Result<i64> {
    let row =
        db.fetch_optional(statement(db, "SELECT n FROM counter WHERE id = ?", vec![Value::Int(id)])).await?;
    Ok(row.expect("the counter is there").i64(0)?.expect("it is not null"))
}

fn run(test: impl Future<Output = Result<()>>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    if let Err(error) = runtime.block_on(test) {
        panic!("{error:?}");
    }
}
