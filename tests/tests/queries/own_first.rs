//! Which table MySQL is told to read first.

use super::*;

/// A page in an order of its own table: MySQL is told not to begin with a small related table and sort all.
#[test]
fn mysql_reads_the_table_first_that_the_order_is_of() -> Result<()> {
    use nuages::backend::Backend;
    let books = || Book::objects().select_related(|b| b.author).select_related(|b| b.editor);
    let told = |sql: Result<nuages::backend::Statement>| sql.map(|sql| sql.sql.contains("STRAIGHT_JOIN"));
    let page = books().filter(|b| b.price.lt(euros(1000))).order_by(|b| b.price.desc()).limit(5);
    let sql = page.to_sql(Backend::Mysql)?.sql.into_owned();
    let tail = sql.split_once(" FROM ").unwrap_or_default().1;
    assert!(sql.starts_with("SELECT STRAIGHT_JOIN t0.`id`, "), "{sql}");
    assert_eq!(
        tail,
        "`tests_book` t0 JOIN `tests_author` t1 FORCE INDEX (PRIMARY) ON t1.`id` = t0.`author_id` \
         LEFT JOIN `tests_author` t3 FORCE INDEX (PRIMARY) ON t3.`id` = t0.`editor_id` \
         WHERE t0.`price` < ? ORDER BY t0.`price` DESC LIMIT 5"
    );
    for other in [Backend::Sqlite, Backend::Postgres] {
        assert!(!page.to_sql(other)?.sql.contains("FORCE"));
    }
    // Where the joins decide which rows there are, or nothing is cut off, the server knows better.
    assert!(!told(books().order_by(|b| b.price.asc()).to_sql(Backend::Mysql))?);
    assert!(!told(books().limit(5).to_sql(Backend::Mysql))?);
    assert!(!told(books().order_by(|b| b.author.name.asc()).limit(5).to_sql(Backend::Mysql))?);
    let joined = books().filter(|b| b.author.name.eq("Ursula")).order_by(|b| b.price.asc()).limit(5);
    assert!(!told(joined.to_sql(Backend::Mysql))?);
    // A search in both: reading authors first would leave no book out.
    let search = books().filter(|b| b.title.contains("Ursula") | b.author.name.contains("Ursula"));
    assert!(told(search.order_by(|b| b.price.asc()).limit(5).to_sql(Backend::Mysql))?);
    Ok(())
}
