//! Relations that lead to some of their rows only: in values, aggregates, orderings, filters and changes.

use nuages::prelude::*;

use crate::each;
use crate::shop::*;

type Named = (String, Option<String>);

fn named(pairs: &[(&str, Option<&str>)]) -> Vec<Named> {
    pairs.iter().map(|(name, item)| ((*name).to_owned(), item.map(str::to_owned))).collect()
}

#[tokio::test]
async fn the_rows_that_a_relation_leads_to_are_narrowed() -> Result<()> {
    each(async |db| {
        let dear =
            || Maker::objects().filtered_relation(|m| m.items(), |i| i.price.gt(40)).order_by(|m| m.name);
        let pairs = |query: QuerySet<Maker>| query.values(|m| (m.name, m.items().name));
        let all = pairs(dear()).all(&db).await?;
        assert_eq!(all, named(&[("Ada", Some("Chair")), ("Bob", Some("Desk")), ("Cy", None)]));
        // Values before, between and behind the one of the join come to their places.
        let rows = dear()
            .filter(|m| m.name.ne("Cy") & m.items().stock.gte(0))
            .exclude(|m| m.name.eq("No"))
            .limit(5)
            .values(|m| (m.name.replace("A", "B"), m.items().name))
            .all(&db)
            .await?;
        assert_eq!(rows, named(&[("Bda", Some("Chair")), ("Bob", Some("Desk"))]));
        // A filter means the same rows as the values.
        let chairs = pairs(dear().filter(|m| m.items().name.eq("Chair"))).all(&db).await?;
        assert_eq!(chairs, named(&[("Ada", Some("Chair"))]));
        assert_eq!(dear().filter(|m| m.items().name.eq("Lamp")).count(&db).await?, 0);
        assert_eq!(dear().filter(|m| m.items().name.eq("Desk")).count(&db).await?, 1);
        let without = async |query: QuerySet<Maker>| query.values(|m| m.name).all(&db).await;
        assert_eq!(without(dear().filter(|m| m.items().id.is_null())).await?, ["Cy"]);
        assert_eq!(without(dear().exclude(|m| m.items().stock.gt(0))).await?, ["Bob", "Cy"]);
        let sums = dear().values(|m| (m.items().count(), m.items().price.sum())).all(&db).await?;
        assert_eq!(sums, [(1, Some(dec!(45.00))), (1, Some(dec!(120.50))), (0, None)]);
        let by_price = dear().order_by(|m| m.items().price.desc().nulls_last());
        assert_eq!(without(by_price).await?, ["Bob", "Ada", "Cy"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_relation_is_narrowed_by_what_lies_behind_it() -> Result<()> {
    each(async |db| {
        let sold = || Maker::objects().filtered_relation(|m| m.items(), |i| i.sales().count.gte(10));
        let rows = sold().order_by(|m| m.name).values(|m| (m.name, m.items().name)).all(&db).await?;
        assert_eq!(
            rows,
            named(&[("Ada", None), ("Bob", Some("Pen")), ("Cy", None)]),
            "once, though it sold twice"
        );
        let counts = sold().order_by(|m| m.name).values(|m| m.items().count()).all(&db).await?;
        assert_eq!(counts, [0, 1, 0]);
        // Twice is both.
        let none = sold().filtered_relation(|m| m.items(), |i| i.name.ne("Pen"));
        assert_eq!(none.filter(|m| m.items().id.is_not_null()).count(&db).await?, 0);
        // A relation behind it, and a change by it.
        let items = sold().filter(|m| m.items().sales().count.gt(15)).values(|m| m.items().name);
        assert_eq!(items.all(&db).await?, [Some("Pen".to_owned())]);
        let changed = sold()
            .filter(|m| m.items().name.is_not_null())
            .update(&db, |m| m.city.set("Kiel".to_owned()))
            .await?;
        assert_eq!(changed, 1);
        assert_eq!(Maker::objects().filter(|m| m.city.eq("Kiel")).get(&db).await?.name, "Bob");
        Ok(())
    })
    .await
}
