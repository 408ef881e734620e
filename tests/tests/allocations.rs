//! What it costs to write a statement, counted by allocations: a shape that was written before costs none. And what
//! is held in memory while many rows go by.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "allocations/memory.rs"]
mod memory;

use allocation_counter::measure;
use nuages::prelude::*;
use nuages::test;
use nuages_tests::models::*;

/// The allocations of writing a query's statement for the second time.
fn allocations<M: Model, S: nuages::query::Shape>(query: &QuerySet<M, S>, db: &Db) -> u64 {
    let first = query.sql(db).unwrap();
    let mut second = None;
    let counted = measure(|| second = Some(query.sql(db).unwrap()));
    assert_eq!(second, Some(first));
    counted.count_total
}

#[tokio::test]
async fn a_statement_that_was_written_before_allocates_nothing() -> Result<()> {
    test::on_each_site(
        |project| project.app(nuages_tests::app()),
        async |site| {
            let db = site.db();
            // One allocation holds the values, however many there are; the text has none.
            let all = Book::objects().order_by(|b| (b.title, b.id.desc()));
            assert_eq!(allocations(&all, &db), 0);
            assert_eq!(allocations(&Book::objects(), &db), 0);
            assert_eq!(allocations(&Book::objects().filter(|b| b.id.eq(7)), &db), 1);
            let joined = all.clone().filter(|b| b.author.born.is_not_null()).select_related(|b| b.author);
            assert_eq!(allocations(&joined.limit(25), &db), 0);
            let five = all
                .filter(|b| b.id.gt(1) & b.id.lt(1_000) & b.in_stock.eq(true))
                .filter(|b| b.author.id.gte(1) | b.price.lt(dec!(10)));
            assert_eq!(allocations(&five, &db), 1);
            Ok(())
        },
    )
    .await
}
