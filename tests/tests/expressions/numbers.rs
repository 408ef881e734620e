//! Arithmetic: which numbers mix, and that SQLite's decimals are right or refused.

use nuages::backend::Backend;
use nuages::prelude::*;

use crate::each;
use crate::shop::*;

#[tokio::test]
async fn decimals_mix_with_whole_numbers() -> Result<()> {
    each(async |db| {
        let rows: Vec<(String, Decimal, Decimal)> = Item::objects()
            .order_by(|i| (i.price * i.stock).desc())
            .values(|i| (i.name, i.price * i.stock, i.price * 2 + i.stock))
            .all(&db)
            .await?;
        let expected = [
            ("Lamp", dec!(139.93), dec!(46.98)),
            ("Chair", dec!(135.00), dec!(93)),
            ("Pen", dec!(50.00), dec!(1000.10)),
            ("Desk", dec!(0), dec!(241)),
        ];
        let rows: Vec<_> = rows.iter().map(|(name, one, two)| (name.as_str(), *one, *two)).collect();
        assert_eq!(rows, expected);
        let equal = Item::objects().filter(|i| (i.price * 3).eq(dec!(59.97)));
        assert_eq!(equal.count(&db).await?, 1, "no noise of floats in a comparison");
        assert_eq!(Item::objects().filter(|i| i.price.gt(45)).count(&db).await?, 1);
        let floats: Vec<f64> = Item::objects().values(|i| i.stock * 0.5 + i.weight).all(&db).await?;
        assert_eq!(floats, [5.0, 8.75, 30.0, 500.01]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_side_that_may_be_null_makes_the_result_an_option() -> Result<()> {
    each(async |db| {
        let sums: Vec<Option<Decimal>> = Item::objects().values(|i| i.price + i.fee).all(&db).await?;
        assert_eq!(sums, [Some(dec!(21.49)), None, Some(dec!(130.50)), Some(dec!(0.06))]);
        let whole: Vec<Decimal> =
            Item::objects().values(|i| i.price + i.fee.coalesce(dec!(0))).all(&db).await?;
        assert_eq!(whole[1], dec!(45));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn division_and_remainder_are_the_same_everywhere() -> Result<()> {
    each(async |db| {
        let of = async |index: usize| {
            let rows: Vec<(i32, i32, Decimal, Decimal, f64)> = Item::objects()
                .values(|i| (i.stock / 2, i.stock % 4, i.price / 2, i.price % 7, i.weight % 2.0))
                .all(&db)
                .await?;
            Result::<_>::Ok(rows[index])
        };
        assert_eq!(of(0).await?, (3, 3, dec!(9.995), dec!(5.99), 1.5));
        assert_eq!(of(1).await?, (1, 3, dec!(22.5), dec!(3), 1.25));
        assert_eq!(of(2).await?, (0, 0, dec!(60.25), dec!(1.5), 0.0));
        let by_zero: Vec<Option<Decimal>> =
            Item::objects().values(|i| i.fee / i.stock).order_by(|i| i.id).all(&db).await?;
        assert_eq!(by_zero[2], None, "dividing by zero is NULL");
        let third: Vec<Decimal> = Item::objects().values(|i| i.price / 3).order_by(|i| i.id).all(&db).await?;
        assert_eq!(third[0].round_dp(10), dec!(6.6633333333));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn sqlite_refuses_decimals_of_more_than_fifteen_digits() -> Result<()> {
    each(async |db| {
        let big = dec!(1234567890.12);
        Item::objects().filter(|i| i.name.eq("Desk")).update(&db, |i| i.price.set(big)).await?;
        let desk = || Item::objects().filter(|i| i.name.eq("Desk"));
        assert_eq!(desk().values(|i| i.price * 3).get(&db).await?, dec!(3703703670.36));
        let product = desk().values(|i| i.price * i.price).get(&db).await;
        if db.backend() == Backend::Sqlite {
            let error = product.expect_err("nineteen digits");
            assert!(error.is_validation() && error.to_string().contains("15 of a decimal"), "{error}");
            let error =
                desk().update(&db, |i| i.price.set(i.price * 100_000)).await.expect_err("more than 15");
            assert!(error.is_validation(), "{error}");
        } else {
            assert_eq!(product?, big * big);
        }
        assert_eq!(desk().get(&db).await?.price, big);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_an_update_computes_is_rounded_to_the_column() -> Result<()> {
    each(async |db| {
        let price = async |name: &str| {
            Result::<_>::Ok(Item::objects().filter(|i| i.name.eq(name)).get(&db).await?.price)
        };
        Item::objects().update(&db, |i| i.price.set(i.price * dec!(0.9))).await?;
        assert_eq!(price("Lamp").await?, dec!(17.99));
        assert_eq!(price("Pen").await?, dec!(0.05), "0.045 is a half and goes away from zero");
        Item::objects().update(&db, |i| i.price.set(dec!(1.005) - i.stock * dec!(0))).await?;
        Item::objects()
            .filter(|i| i.name.eq("Pen"))
            .update(&db, |i| i.price.set(i.stock * dec!(0.001005)))
            .await?;
        assert_eq!(price("Pen").await?, dec!(1.01), "the float of 1.005 lies below it");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_group_is_ordered_by_what_it_is_computed_from() -> Result<()> {
    each(async |db| {
        let rows: Vec<(Decimal, i64)> = Item::objects()
            .values(|i| i.price * 2)
            .annotate(|i| i.id.count())
            .order_by(|i| (i.price * 2).desc())
            .all(&db)
            .await?;
        assert_eq!(rows[0], (dec!(241), 1));
        assert_eq!(rows.len(), 4);
        let rows: Vec<(i32, i64)> = Item::objects()
            .values(|i| i.stock % 2)
            .annotate(|i| i.id.count())
            .filter(|i| i.id.count().gt(0))
            .order_by(|i| ((i.stock % 2).asc(), (i.stock / 10).asc()))
            .all(&db)
            .await?;
        assert_eq!(rows, [(0, 1), (0, 1), (1, 2)], "what it is ordered by is grouped by too, as in Django");
        Ok(())
    })
    .await
}
