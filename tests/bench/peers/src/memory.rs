//! What a stream of a million rows adds to the memory of the process.

use sqlx::{Connection as _, Executor as _};

use crate::Result;

/// Fills a table with a million rows, streams them, and tells how the resident memory grew.
pub(crate) async fn run(url: &str) -> Result {
    let fill = "INSERT INTO item (name, pages, rating, in_stock, note)
        SELECT 'item number ' || i, i, i, i % 2 = 0, NULL FROM ";
    if url.starts_with("sqlite") {
        let numbers = "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT i FROM n)";
        let mut connection = sqlx::SqliteConnection::connect(url).await?;
        connection.execute(sqlx::AssertSqlSafe(format!("{fill}{numbers}"))).await?;
        connection.close().await?;
    } else {
        let mut connection = sqlx::PgConnection::connect(url).await?;
        connection.execute(sqlx::AssertSqlSafe(format!("{fill}generate_series(1, 1000000) AS n(i)"))).await?;
        connection.close().await?;
    }
    let before = status("VmRSS:");
    let cpu = crate::measure::own();
    let rows = crate::ours::stream(url).await?;
    let cpu = crate::measure::own().saturating_sub(cpu);
    let (after, peak) = (status("VmRSS:"), status("VmHWM:"));
    println!(
        "{rows} rows streamed: resident {before} KiB before, {after} KiB after, {peak} KiB at most; {:.2} s CPU",
        cpu.as_secs_f64()
    );
    Ok(())
}

fn status(name: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
