//! Set operations, recursion, pages, and rows by their place.

use nuages::backend::Backend;
use nuages::prelude::*;
use nuages::query::Position;

use crate::each;
use crate::shop::*;

#[tokio::test]
async fn unions_intersections_and_differences() -> Result<()> {
    each(async |db| {
        let cheap = || Item::objects().filter(|i| i.price.lt(50));
        let ada = || Item::objects().filter(|i| i.maker.name.eq("Ada"));
        let names = async |combined: nuages::query::Combined<Item, (Item,)>| {
            let rows = combined.order_by(|i| i.name).all(&db).await?;
            Result::<Vec<String>>::Ok(rows.into_iter().map(|i| i.name).collect())
        };
        // JSON has no equality on every database, so whole rows are compared by their columns here.
        let columns = |query: QuerySet<Item>| query.values(|i| (i.name, i.price));
        let rows = columns(cheap()).union(columns(ada())).order_by(|i| i.price.desc()).all(&db).await?;
        assert_eq!(rows.iter().map(|r| r.0.as_str()).collect::<Vec<_>>(), ["Chair", "Lamp", "Pen"]);
        assert_eq!(columns(cheap()).union_all(columns(ada())).count(&db).await?, 5);
        assert_eq!(columns(cheap()).intersection(columns(ada())).count(&db).await?, 2);
        let rest = columns(cheap()).difference(columns(ada())).all(&db).await?;
        assert_eq!(rest, [("Pen".to_owned(), dec!(0.05))]);
        assert_eq!(names(cheap().union_all(ada())).await?, ["Chair", "Chair", "Lamp", "Lamp", "Pen"]);
        // From left to right: (cheap and Ada's) or the desk.
        let desk = columns(Item::objects().filter(|i| i.name.eq("Desk")));
        let mixed = columns(cheap()).union(desk.clone()).intersection(columns(ada())).union(desk);
        assert_eq!(mixed.count(&db).await?, 3);
        let sliced = columns(cheap().order_by(|i| i.price).limit(1))
            .union(columns(ada().order_by(|i| i.price.desc()).limit(1)));
        let first = sliced.order_by(|i| i.name).first(&db).await?.expect("two rows");
        assert_eq!(first.0, "Chair");
        let by_other = columns(cheap()).union(columns(ada())).order_by(|i| i.stock).all(&db).await;
        assert!(by_other.expect_err("not in the rows").is_not_supported());
        let across: Vec<String> = Item::objects()
            .values(|i| i.name)
            .union(Maker::objects().values(|m| m.name))
            .limit(20)
            .all(&db)
            .await?;
        assert_eq!(across.len(), 7);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn all_that_a_relation_leads_to() -> Result<()> {
    each(async |db| {
        let key = match db.backend() {
            Backend::Sqlite => "integer PRIMARY KEY",
            _ => "bigint PRIMARY KEY",
        };
        db.execute_script(format!(
            "CREATE TABLE shop_place (id {key}, name varchar(20) NOT NULL, parent_id bigint);
             INSERT INTO shop_place VALUES (1, 'World', NULL), (2, 'Europe', 1), (3, 'Norway', 2), (4, 'Oslo', 3),
                (5, 'Asia', 1), (6, 'A', 7), (7, 'B', 6);"
        ))
        .await?;
        let names = async |query: QuerySet<Place>| {
            let rows = query.order_by(|p| p.id).values(|p| p.name).all(&db).await?;
            Result::<Vec<String>>::Ok(rows)
        };
        let europe = || Place::objects().filter(|p| p.name.eq("Europe"));
        assert_eq!(names(europe().recursive(|p| p.children())).await?, ["Europe", "Norway", "Oslo"]);
        let oslo = Place::objects().filter(|p| p.name.eq("Oslo"));
        assert_eq!(names(oslo.recursive(|p| p.parent)).await?, ["World", "Europe", "Norway", "Oslo"]);
        let circle = Place::objects().filter(|p| p.name.eq("A"));
        assert_eq!(names(circle.recursive(|p| p.children())).await?, ["A", "B"]);
        let filtered = europe().recursive(|p| p.children()).filter(|p| p.name.contains("o"));
        assert_eq!(filtered.count(&db).await?, 3);
        assert_eq!(europe().recursive(|p| p.children()).exclude(|p| p.name.eq("Oslo")).count(&db).await?, 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn pages_begin_behind_a_row() -> Result<()> {
    each(async |db| {
        for (at, order) in [false, true].into_iter().enumerate() {
            let query = || match order {
                true => Item::objects().order_by(|i| (i.fee.desc(), i.added)),
                false => Item::objects().order_by(|i| (i.made, i.price.desc())),
            };
            let all: Vec<i64> = query().all(&db).await?.iter().map(|i| i.id).collect();
            let mut found = Vec::new();
            let mut position: Option<Position> = None;
            loop {
                let page = query().page_after(&db, 3, position.as_ref()).await?;
                found.extend(page.rows.iter().map(|i| i.id));
                // Through an address and back.
                let Some(next) = page.next else { break };
                position = Some(next.to_string().parse()?);
            }
            assert_eq!(found, all, "{at}");
        }
        let foreign: Position = "[1]".parse()?;
        let error = Item::objects()
            .order_by(|i| i.name)
            .page_after(&db, 2, Some(&foreign))
            .await
            .expect_err("two terms");
        assert!(error.is_validation(), "{error}");
        assert!("no".parse::<Position>().is_err());
        Ok(())
    })
    .await
}

/// Pages from the end to the start, each read again the other way.
async fn pages_back<O: nuages::query::Ordering<Sale>>(
    db: &Db,
    order: impl Fn(&SaleFields<nuages::path::Root<Sale>>) -> O + Copy,
) -> Result<()> {
    for query in [Sale::objects().order_by(order), Sale::objects().order_by(order).reverse()] {
        let all = query.clone().all(db).await?;
        let (mut found, mut position): (Vec<Sale>, Option<Position>) = (Vec::new(), None);
        loop {
            let page = query.clone().page_before(db, 4, position.as_ref()).await?;
            assert_eq!(page.next.is_some(), position.is_some(), "the last page has no next one");
            if let Some(next) = &page.next {
                let after = query.clone().page_after(db, 4, Some(next)).await?;
                let seen = found.iter().take(4).collect::<Vec<_>>();
                assert_eq!(after.rows.iter().collect::<Vec<_>>(), seen, "the way back from there");
                let again = query.clone().page_before(db, 4, after.previous.as_ref()).await?;
                assert_eq!(again.rows, page.rows);
            }
            found.splice(0..0, page.rows);
            let Some(previous) = page.previous else { break };
            position = Some(previous.to_string().parse()?);
        }
        assert_eq!(found, all);
    }
    Ok(())
}

#[tokio::test]
async fn pages_end_in_front_of_a_row() -> Result<()> {
    each(async |db| {
        let items = Item::objects().order_by(|i| i.id).all(&db).await?;
        let more = (0..15_usize).map(|n| NewSale {
            item: (&items[n % 4]).into(),
            count: i32::try_from(n % 3).unwrap(),
            day: day(2024, 5, 1 + u32::try_from(n % 2).unwrap()),
        });
        Sale::objects().bulk_create(&db, more).await?;
        // Ties, columns that may be NULL and both directions, and all of them at once.
        pages_back(&db, |s| (s.count, s.id)).await?;
        pages_back(&db, |s| (s.day.desc(), s.id)).await?;
        pages_back(&db, |s| (s.item.nick, s.count.desc(), s.id.desc())).await?;
        pages_back(&db, |s| (s.item.fee.desc().nulls_last(), s.day, s.id)).await?;
        pages_back(&db, |s| (s.item.fee.asc().nulls_first(), s.item.made.desc(), s.id)).await?;
        // The model's own ordering counts where the query says none.
        let last = Item::objects().page_before(&db, 2, None).await?;
        assert_eq!(last.rows.iter().map(|i| i.id).collect::<Vec<_>>(), [3, 4]);
        assert!(last.next.is_none() && last.previous.is_some());
        let sliced = Item::objects().limit(3).page_before(&db, 2, None).await.expect_err("a slice");
        assert!(sliced.is_not_supported(), "{sliced}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn rows_by_their_place() -> Result<()> {
    each(async |db| {
        let latest = Item::objects().latest(&db, |i| i.made).await?;
        assert_eq!(latest.name, "Lamp", "NULL is not the latest");
        assert_eq!(Item::objects().earliest(&db, |i| i.added).await?.name, "Pen");
        assert!(Item::objects().none().latest(&db, |i| i.id).await.expect_err("none").is_does_not_exist());
        let pen = Item::objects().filter(|i| i.name.eq("Pen")).get(&db).await?;
        assert!(Item::objects().filter(|i| i.price.lt(1)).contains(&db, &pen).await?);
        assert!(!Item::objects().filter(|i| i.price.gt(1)).contains(&db, &pen).await?);
        assert!(!Item::objects().order_by(|i| i.id).limit(2).contains(&db, &pen).await?);
        let months = Item::objects().dates(|i| i.made.trunc_month()).all(&db).await?;
        assert_eq!(months, [day(2023, 12, 1), day(2024, 2, 1)]);
        let hours = Item::objects().datetimes(|i| i.added.trunc_hour()).all(&db).await?;
        assert_eq!(hours.len(), 4);
        let each_maker = Item::objects()
            .distinct_on(|i| i.maker)
            .order_by(|i| (i.maker.id, i.price.desc()))
            .all(&db)
            .await;
        match db.backend() {
            Backend::Postgres => {
                let names: Vec<String> = each_maker?.into_iter().map(|i| i.name).collect();
                assert_eq!(names, ["Chair", "Desk"]);
            }
            _ => assert!(each_maker.expect_err("on PostgreSQL only").is_not_supported()),
        }
        Ok(())
    })
    .await
}
