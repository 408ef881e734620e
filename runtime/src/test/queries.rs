//! Counting the statements that a piece of code sends.

use std::future::Future;

use crate::Db;
use crate::backend::QueryRecord;

/// Runs something and asserts how many statements it sent over this session; if it is another
/// number, the failure lists them.
///
/// ```no_run
/// # async fn f(db: nuages::Db) -> nuages::Result<()> {
/// nuages::test::assert_queries(&db, 1, db.execute_script("SELECT 1")).await?;
/// # Ok(()) }
/// ```
///
/// # Panics
/// If the number differs.
pub async fn assert_queries<T>(db: &Db, expected: usize, work: impl Future<Output = T>) -> T {
    db.record_queries(true);
    let before = db.queries().len();
    let output = work.await;
    let sent: Vec<String> = db.queries().split_off(before).iter().map(line).collect();
    db.record_queries(false);
    let list = sent.join("\n  ");
    assert_eq!(sent.len(), expected, "the number of statements; sent were:\n  {list}\n");
    output
}

fn line(query: &QueryRecord) -> String {
    match query.place {
        Some(place) => format!("{} ({})", query.sql, place.caller),
        None => query.sql.clone(),
    }
}

/// Runs something and asserts that no place of the code sent the same statement more than a
/// [handful](crate::query::HANDFUL) of times over this session: that it does not query once per row. The failure
/// names the place and the relation to load along. Places are known in debug builds.
///
/// ```no_run
/// # async fn f(db: nuages::Db) -> nuages::Result<()> {
/// nuages::test::assert_no_repeats(&db, db.execute_script("SELECT 1")).await?;
/// # Ok(()) }
/// ```
///
/// # Panics
/// If there is one.
pub async fn assert_no_repeats<T>(db: &Db, work: impl Future<Output = T>) -> T {
    db.record_queries(true);
    let before = db.queries().len();
    let output = work.await;
    let found = crate::query::repeats(&db.queries().split_off(before));
    db.record_queries(false);
    let list: Vec<String> = found.iter().map(|repeat| format!("{repeat}\n  {}", repeat.sql)).collect();
    assert!(found.is_empty(), "a query for each row:\n{}\n", list.join("\n"));
    output
}
