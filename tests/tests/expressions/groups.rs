//! Aggregates, windows and subqueries.

use nuages::backend::Backend;
use nuages::expr::Exclusion;
use nuages::functions::*;
use nuages::prelude::*;

use crate::each;
use crate::shop::*;

#[tokio::test]
async fn aggregates_with_filter_distinct_and_default() -> Result<()> {
    each(async |db| {
        let rows: Vec<(String, i64, i64, Option<String>)> = Maker::objects()
            .order_by(|m| m.name)
            .values(|m| {
                (
                    m.name,
                    m.items().stock.sum().filter(m.items().price.gt(1)).default(0),
                    m.items().sales().day.count().distinct(),
                    m.items().name.string_agg(", "),
                )
            })
            .all(&db)
            .await?;
        let expected = [
            ("Ada".to_owned(), 10, 2, Some("Chair, Lamp".to_owned())),
            ("Bob".to_owned(), 0, 2, Some("Desk, Pen".to_owned())),
            ("Cy".to_owned(), 0, 0, None),
        ];
        assert_eq!(rows, expected);
        let by_price = Item::objects().values(|i| i.name.string_agg("").order_by(i.price.desc()));
        assert_eq!(by_price.unordered().get(&db).await?.as_deref(), Some("DeskChairLampPen"));
        let deviation =
            Item::objects().unordered().values(|i| (i.stock.std_dev(), i.stock.sample_variance()));
        match db.backend() {
            Backend::Sqlite => assert!(deviation.get(&db).await.expect_err("not there").is_not_supported()),
            _ => {
                let (deviation, variance) = deviation.get(&db).await?;
                assert!(
                    (deviation.unwrap() - 431.577).abs() < 0.01
                        && (variance.unwrap() - 248_344.33).abs() < 1.0
                );
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn groups_and_having() -> Result<()> {
    each(async |db| {
        let rows: Vec<(Option<String>, i64, Option<Decimal>)> = Item::objects()
            .filter(|i| i.price.gt(1))
            .values(|i| i.maker.city)
            .annotate(|_| count_rows())
            .annotate(|i| i.price.max())
            .filter(|i| i.price.sum().gt(60) & i.stock.gte(0))
            .order_by(|i| i.price.max().desc())
            .all(&db)
            .await?;
        assert_eq!(rows, [(None, 1, Some(dec!(120.5))), (Some("Oslo".into()), 2, Some(dec!(45)))]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn subqueries_speak_of_the_row_around_them() -> Result<()> {
    each(async |db| {
        let names =
            async |query: QuerySet<Maker>| query.order_by(|m| m.name).values(|m| m.name).all(&db).await;
        let dear = |m: &MakerFields<nuages::path::Root<Maker>>| {
            let id = m.id;
            exists(Item::objects().filter(move |i| i.maker.id.eq(outer(id)) & i.price.gt(100)))
        };
        assert_eq!(names(Maker::objects().filter(dear)).await?, ["Bob"]);
        assert_eq!(names(Maker::objects().exclude(dear)).await?, ["Ada", "Cy"]);
        let last: Vec<(String, Option<String>)> = Maker::objects()
            .order_by(|m| m.name)
            .values(|m| {
                let newest =
                    Item::objects().filter(|i| i.maker.id.eq(outer(m.id))).order_by(|i| i.added.desc());
                (m.name, subquery(newest.values(|i| i.name)))
            })
            .all(&db)
            .await?;
        assert_eq!(last[0], ("Ada".into(), Some("Chair".into())));
        assert_eq!(last[2], ("Cy".into(), None));
        let sold = Item::objects().filter(|i| i.sales().count.gt(4)).values(|i| i.maker.name);
        assert_eq!(names(Maker::objects().filter(|m| m.name.in_query(sold))).await?, ["Bob"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn windows() -> Result<()> {
    each(async |db| {
        let rows: Vec<(String, i64, i64, i64, Option<String>)> = Item::objects()
            .order_by(|i| i.id)
            .values(|i| {
                (
                    i.name,
                    rank().over(|w| w.partition_by(i.maker).order_by(i.price.desc())),
                    row_number().over(|w| w.order_by(i.stock)),
                    ntile(2).over(|w| w.order_by(i.price)),
                    lag(i.name, 1).over(|w| w.order_by(i.id)),
                )
            })
            .all(&db)
            .await?;
        assert_eq!(rows[0], ("Lamp".into(), 2, 3, 1, None));
        assert_eq!(rows[2], ("Desk".into(), 1, 1, 2, Some("Chair".into())));
        let running: Vec<Option<i64>> = Sale::objects()
            .order_by(|s| s.id)
            .values(|s| s.count.sum().over(|w| w.partition_by(s.item).order_by(s.id).rows(..=0)))
            .all(&db)
            .await?;
        assert_eq!(running, [2, 5, 1, 10, 30, 35].map(Some));
        let neighbours: Vec<Option<i32>> = Sale::objects()
            .order_by(|s| s.id)
            .values(|s| s.count.max().over(|w| w.order_by(s.id).rows(-1..=1)))
            .all(&db)
            .await?;
        assert_eq!(neighbours, [3, 3, 10, 20, 20, 20].map(Some));
        let ends: Vec<(Option<i32>, Option<i32>, Option<i32>, f64)> = Sale::objects()
            .order_by(|s| s.id)
            .values(|s| {
                (
                    first_value(s.count).over(|w| w.order_by(s.id)),
                    last_value(s.count).over(|w| w.order_by(s.id).rows(..)),
                    nth_value(s.count, 2).over(|w| w.order_by(s.id).rows(..)),
                    cume_dist().over(|w| w.order_by(s.id)),
                )
            })
            .all(&db)
            .await?;
        assert_eq!((ends[3].0, ends[3].1, ends[3].2), (Some(2), Some(5), Some(3)));
        assert!((ends[2].3 - 0.5).abs() < 1e-9);
        let others = Sale::objects()
            .order_by(|s| s.id)
            .values(|s| s.count.sum().over(|w| w.order_by(s.id).rows(..).exclude(Exclusion::CurrentRow)))
            .all(&db)
            .await;
        match db.backend() {
            Backend::Mysql => assert!(others.expect_err("not there").is_not_supported()),
            _ => assert_eq!(others?[0], Some(39)),
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn rows_are_filtered_by_what_a_window_gives() -> Result<()> {
    each(async |db| {
        let dearest = Item::objects()
            .filter(|i| i.stock.gte(0))
            .filter(|i| {
                rank().over(|w| w.partition_by(i.maker).order_by(i.price.desc())).eq(1) & i.price.gt(1)
            })
            .order_by(|i| i.name);
        let names: Vec<String> = dearest.clone().values(|i| i.name).all(&db).await?;
        assert_eq!(names, ["Chair", "Desk"]);
        assert_eq!(dearest.count(&db).await?, 2);
        let rest = Item::objects().exclude(|i| row_number().over(|w| w.order_by(i.id)).lte(3));
        assert_eq!(rest.get(&db).await?.name, "Pen");
        Ok(())
    })
    .await
}
