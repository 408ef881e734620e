//! How long the admin's list takes over many rows, on every database that is there.
//!
//! `cargo run -p nuages-tests --example large_list -- 1000000` makes a fresh database on each, fills it,
//! asks for each page several times and prints the median, with what the first request took.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program that prints figures")]

use std::time::{Duration, Instant};

use nuages::auth::NewAccount;
use nuages::backend::Backend;
use nuages::prelude::*;
use nuages::test::{Client, Server, TestDatabase, TestSite};
use nuages::{Db, Result};
use nuages_migrate as _;
use nuages_tests::models::NewAuthor;

const PASSWORD: &str = "a million books";
const LIST: &str = "/admin/nuages_tests/book/";
/// Requests of each page.
const TIMES: usize = 9;

#[tokio::main]
async fn main() -> Result<()> {
    let rows: u32 = std::env::args().nth(1).and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    for server in Server::found().await? {
        let database = TestDatabase::create(server).await?;
        let outcome = measure(server, &database, rows).await;
        database.remove().await?;
        outcome?;
    }
    Ok(())
}

async fn measure(server: &Server, database: &TestDatabase, rows: u32) -> Result<()> {
    let make =
        |project: nuages::Project| project.app(nuages_tests::app()).mount("/admin", nuages_admin::site());
    let site = TestSite::on(database, make).await?;
    let db = site.db();
    let begin = Instant::now();
    fill(&db, rows).await?;
    println!("{}: {rows} rows in {:.1} s", server.backend().title(), begin.elapsed().as_secs_f64());
    let settings = nuages::auth::AuthSettings::default();
    let account = NewAccount {
        name: "django".into(),
        password: Some(PASSWORD.into()),
        is_staff: true,
        is_superuser: true,
        ..NewAccount::default()
    };
    account.create(&db, &settings.hasher).await?;
    let mut client = site.client();
    client.post("/admin/login/", &[("username", "django"), ("password", PASSWORD)]).await?;
    let next = next(&client.get(&format!("{LIST}?sort=price")).await?.text());
    for (what, query) in [
        ("first page", String::new()),
        ("last page", "?last=1".into()),
        ("sorted, index", "?sort=price".into()),
        ("sorted, index, next page", next),
        ("sorted, index, last page", "?sort=-price&last=1".into()),
        ("sorted, no index", "?sort=status".into()),
        ("filtered, one in three", "?f.status=published&sort=price".into()),
        ("searched, one row", "?q=000777777".into()),
        ("searched, nothing", "?q=nothing+like+it".into()),
        ("drilled down to a month", "?d=1990-05".into()),
        ("with counted values", "?facets=1&d=1990-05".into()),
    ] {
        page(&mut client, what, &query).await?;
    }
    Ok(())
}

/// The address of the next page.
fn next(page: &str) -> String {
    let before = page.split("\" rel=\"next\"").next().unwrap_or_default();
    before.rsplit("href=\"").next().unwrap_or_default().replace("&#38;", "&").replace("&amp;", "&")
}

async fn page(client: &mut Client, what: &str, query: &str) -> Result<()> {
    let mut times: Vec<Duration> = Vec::new();
    let mut last = None;
    for _ in 0..TIMES {
        let begin = Instant::now();
        let page = client.get(&format!("{LIST}{query}")).await?;
        times.push(begin.elapsed());
        assert_eq!(page.status(), 200, "{what}");
        last = Some(page);
    }
    let first = times[0];
    times.sort();
    let text = last.map(|page| page.text()).unwrap_or_default();
    let count =
        text.split("id=\"list-count\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
    let given_up = if text.contains("took longer than") { ", broken off" } else { "" };
    println!(
        "  {what:<26} {:>9.1} ms (first {:.1})  {count}{given_up}",
        times[TIMES / 2].as_secs_f64() * 1_000.0,
        first.as_secs_f64() * 1_000.0
    );
    Ok(())
}

/// Books made by the database itself, with indexes for two of the orders.
async fn fill(db: &Db, rows: u32) -> Result<()> {
    let author = NewAuthor { name: "A. Prolific".into() }.create(db).await?.id;
    let (numbers, date, now, text) = match db.backend() {
        Backend::Sqlite => (
            format!(
                "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {rows}) SELECT"
            ),
            "date('1950-01-01', '+' || (n % 25000) || ' days')",
            "'2026-01-01 00:00:00'",
            "printf('Book %09d', n)",
        ),
        Backend::Postgres => (
            "SELECT".to_owned(),
            "date '1950-01-01' + (n % 25000)",
            "now()",
            "'Book ' || lpad(n::text, 9, '0')",
        ),
        Backend::Mysql => (
            "SELECT".to_owned(),
            "date_add('1950-01-01', interval (n % 25000) day)",
            "now()",
            "concat('Book ', lpad(n, 9, '0'))",
        ),
    };
    let from = match db.backend() {
        Backend::Sqlite => "s".to_owned(),
        Backend::Postgres => format!("generate_series(1, {rows}) AS s(n)"),
        Backend::Mysql => format!("(SELECT seq AS n FROM seq_1_to_{rows}) AS s"),
    };
    let (yes, analyze) = match db.backend() {
        Backend::Postgres => ("true", "ANALYZE nuages_tests_book"),
        Backend::Sqlite => ("1", "ANALYZE nuages_tests_book"),
        Backend::Mysql => ("1", "ANALYZE TABLE nuages_tests_book"),
    };
    db.execute_script(format!(
        "INSERT INTO nuages_tests_book (title, author_id, price, status, in_stock, published, created, changed) \
         {numbers} {text}, {author}, (n % 100000 * 7919 % 100000) / 100.0, \
         CASE n % 3 WHEN 0 THEN 'published' ELSE 'draft' END, {yes}, {date}, {now}, {now} FROM {from}"
    ))
    .await?;
    db.execute_script("CREATE INDEX large_price ON nuages_tests_book (price, id)").await?;
    db.execute_script("CREATE INDEX large_published ON nuages_tests_book (published DESC, title, id DESC)")
        .await?;
    db.execute_script(analyze).await
}
