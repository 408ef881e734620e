//! Counting the statements that a piece of code sends.

use std::future::Future;

use crate::Db;

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
    let sent: Vec<String> = db.queries().split_off(before).into_iter().map(|query| query.sql).collect();
    db.record_queries(false);
    let list = sent.join("\n  ");
    assert_eq!(sent.len(), expected, "the number of statements; sent were:\n  {list}\n");
    output
}
