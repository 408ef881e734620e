//! Streams in an order: every row once, and in place, wherever NULL stands.

use futures_util::TryStreamExt;
use nuages::backend::Backend;
use nuages::prelude::*;

use crate::each;
use crate::shop::*;

/// 3,500 sales of items and makers that repeat, so that the ordering ties across chunks.
async fn many(db: &Db) -> Result<()> {
    let items = Item::objects().order_by(|i| i.id).all(db).await?;
    let new = (0..3_500_usize).map(|n| NewSale {
        item: (&items[n % 4]).into(),
        count: i32::try_from(n % 7).unwrap(),
        day: day(2024, 1, 1) + nuages::value::Duration::days((n % 5) as i64),
    });
    Sale::objects().bulk_create(db, new).await?;
    Ok(())
}

async fn same_as_all<O: nuages::query::Ordering<Sale>>(
    db: &Db,
    order: impl Fn(&SaleFields<nuages::path::Root<Sale>>) -> O + Copy,
) -> Result<()> {
    let query = || Sale::objects().filter(|s| s.count.gt(0)).order_by(order);
    for query in [query(), query().reverse(), query().slice(500..2_700)] {
        let all: Vec<i64> = query.clone().all(db).await?.iter().map(|s| s.id).collect();
        let streamed: Vec<Sale> = query.stream(db).try_collect().await?;
        let streamed: Vec<i64> = streamed.iter().map(|s| s.id).collect();
        assert_eq!(streamed.len(), all.len());
        assert!(streamed == all, "the stream has another order than the query");
    }
    Ok(())
}

#[tokio::test]
async fn a_stream_goes_in_any_order() -> Result<()> {
    each(async |db| {
        many(&db).await?;
        same_as_all(&db, |s| (s.count.desc(), s.id)).await?;
        same_as_all(&db, |s| (s.day, s.count.desc(), s.id.desc())).await?;
        same_as_all(&db, |s| (s.item.nick, s.id)).await?;
        same_as_all(&db, |s| (s.item.nick.desc(), s.id)).await?;
        same_as_all(&db, |s| (s.item.nick.asc().nulls_first(), s.id)).await?;
        same_as_all(&db, |s| (s.item.fee.desc().nulls_last(), s.id)).await?;
        same_as_all(&db, |s| (s.item.fee.asc().nulls_last(), s.count * 2, s.id)).await?;
        same_as_all(&db, |s| (s.item.price * s.count, s.id)).await?;
        same_as_all(&db, |s| (s.item.weight, s.item.added.desc(), s.id)).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_stream_in_a_transaction_sees_it() -> Result<()> {
    each(async |db| {
        many(&db).await?;
        let all = Sale::objects().order_by(|s| (s.count, s.id)).all(&db).await?;
        db.atomic(async |db| {
            let one: Vec<Sale> =
                Sale::objects().order_by(|s| (s.count, s.id)).stream(&db).try_collect().await?;
            assert!(one == all);
            let mut two = std::pin::pin!(Sale::objects().stream(&db));
            two.try_next().await?;
            // A cursor that is not read to its end does not stand in the way of other statements.
            assert_eq!(Sale::objects().count(&db).await?, 3_506);
            Ok(())
        })
        .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn rows_that_a_join_gives_twice_are_not_lost_between_chunks() -> Result<()> {
    each(async |db| {
        many(&db).await?;
        let query = || Maker::objects().filter(|m| m.items().sales().count.gte(0)).order_by(|m| m.name);
        let all = query().all(&db).await?;
        assert_eq!(all.len(), 3_506);
        let streamed: Vec<Maker> = query().stream(&db).try_collect().await?;
        assert!(streamed == all);
        let once: Vec<Maker> = query().distinct().stream(&db).try_collect().await?;
        assert_eq!(once.len(), 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_has_no_key_is_refused_without_a_cursor() -> Result<()> {
    each(async |db| {
        let groups = || Item::objects().unordered().values(|i| i.nick).distinct();
        let error = groups().stream(&db).try_collect::<Vec<_>>().await.expect_err("no key");
        assert!(error.is_not_supported(), "{error}");
        if db.backend() == Backend::Postgres {
            let rows = db.atomic(async |db| groups().stream(&db).try_collect::<Vec<_>>().await).await?;
            assert_eq!(rows.len(), 4);
        }
        let related = Item::objects().order_by(|i| i.sales().day).stream(&db);
        assert!(related.try_collect::<Vec<_>>().await.expect_err("in the middle").is_not_supported());
        let nothing: Vec<Item> = Item::objects().none().stream(&db).try_collect().await?;
        assert!(nothing.is_empty());
        Ok(())
    })
    .await
}
