//! Every kind of column: what goes in comes out, at the edges too.

use nuages::ErrorKind;
use nuages::prelude::*;
use nuages::value::Duration;
use nuages_tests::models::*;

use crate::each;
use crate::shelf::day;

fn instant(text: &str) -> DateTime {
    text.parse().unwrap()
}

pub(crate) fn everything() -> NewEverything {
    NewEverything {
        flag: true,
        small: i16::MIN,
        middle: i32::MAX,
        large: i64::MIN,
        single: 0.5,
        double: -1.0e300,
        exact: dec!(-123456789.123456),
        text: "dz\u{1F3B8}".into(),
        short: "x".repeat(50),
        day: day(2026, 2, 28),
        time: Time::from_hms_micro_opt(23, 59, 59, 999_999).unwrap(),
        instant: instant("1969-07-20T20:17:40.123456Z"),
        length: Duration::microseconds(-1_500_000_001),
        uuid: Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef),
        json: serde_json::json!({"a": [1, 2.5, null, "é"], "b": {"c": true}}),
        bytes: (0..=255).collect(),
    }
}

#[tokio::test]
async fn what_goes_in_comes_out() -> Result<()> {
    each(async |db| {
        let made = everything().create(&db).await?;
        let read = Everything::objects().filter(|e| e.key.eq(made.key)).get(&db).await?;
        assert_eq!(made, read);
        let NewEverything { flag, small, middle, large, single, double, exact, .. } = everything();
        assert_eq!((read.flag, read.small, read.middle, read.large), (flag, small, middle, large));
        assert_eq!((read.single, read.double, read.exact), (single, double, exact));
        let NewEverything { text, short, day, time, instant, length, uuid, json, bytes, .. } = everything();
        assert_eq!((read.text, read.short, read.day, read.time), (text, short, day, time));
        assert_eq!((read.instant, read.length, read.uuid), (instant, length, uuid));
        assert_eq!((read.json, read.bytes), (json, bytes));
        Ok(())
    })
    .await
}

/// Many new rows go another way than one: on PostgreSQL as one array for each column.
#[tokio::test]
async fn many_rows_come_out_as_one_does() -> Result<()> {
    each(async |db| {
        let one = everything().create(&db).await?;
        assert_eq!(Everything::objects().bulk_create(&db, (0..3).map(|_| everything())).await?, 3);
        for row in Everything::objects().exclude(|e| e.key.eq(one.key)).all(&db).await? {
            assert_eq!(Everything { key: one.key, ..row }, one);
        }
        let some = NewNothing {}.with(|n| (n.text.set("a"), n.exact.set(dec!(1.500000)), n.flag.set(true)));
        let none = NewNothing {}.with(|n| (n.text.set(None), n.exact.set(None), n.flag.set(None)));
        Nothing::objects().bulk_create(&db, [some, none]).await?;
        let values = Nothing::objects().order_by(|n| n.id).values(|n| (n.text, n.exact, n.flag));
        let expected = [(Some("a".to_owned()), Some(dec!(1.500000)), Some(true)), (None, None, None)];
        assert_eq!(values.all(&db).await?, expected);
        Ok(())
    })
    .await
}

/// As for one row: the field is named, and nothing is written.
#[tokio::test]
async fn a_value_that_the_database_cannot_hold_stops_all_rows() -> Result<()> {
    each(async |db| {
        let rows = ["a", "b\0c", "d"].map(|text| NewEverything { text: text.into(), ..everything() });
        let made = Everything::objects().bulk_create(&db, rows).await;
        if db.backend() != nuages::backend::Backend::Postgres {
            assert_eq!(made?, 3);
            return Ok(());
        }
        let error = made.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Validation, Some("text")), "{error}");
        assert_eq!(Everything::objects().count(&db).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_kind_can_be_asked_for() -> Result<()> {
    each(async |db| {
        let row = everything().create(&db).await?;
        let found = Everything::objects()
            .filter(|e| {
                e.flag.eq(true) & e.small.eq(row.small) & e.middle.eq(row.middle) & e.large.eq(row.large)
            })
            .filter(|e| e.double.eq(row.double) & e.exact.eq(row.exact) & e.text.eq(&row.text))
            .filter(|e| e.day.eq(row.day) & e.time.eq(row.time) & e.instant.eq(row.instant))
            .filter(|e| e.length.eq(row.length) & e.uuid.eq(row.uuid));
        assert_eq!(found.count(&db).await?, 1);
        let later = Everything::objects()
            .filter(|e| e.instant.gt(row.instant) | e.time.gt(row.time) | e.day.gt(row.day));
        assert_eq!(later.count(&db).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn everything_may_be_missing() -> Result<()> {
    each(async |db| {
        let row = NewNothing {}.create(&db).await?;
        let read = Nothing::objects().get(&db).await?;
        assert_eq!(row, read);
        assert_eq!((read.flag, read.exact, read.instant), (None, None, None));
        assert_eq!((read.json, read.bytes, read.uuid), (None, None, None));
        let found = Nothing::objects().filter(|n| n.text.is_null() & n.length.is_null() & n.large.is_null());
        assert_eq!(found.count(&db).await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn decimals_compare_and_sort_as_numbers() -> Result<()> {
    each(async |db| {
        for exact in [dec!(9), dec!(10), dec!(-2.5), dec!(0.000001), dec!(100)] {
            NewNothing {}.with(|n| n.exact.set(exact)).create(&db).await?;
        }
        let sorted = Nothing::objects().order_by(|n| n.exact).values(|n| n.exact).all(&db).await?;
        let wanted = [dec!(-2.5), dec!(0.000001), dec!(9), dec!(10), dec!(100)].map(Some);
        assert_eq!(sorted, wanted);
        assert_eq!(Nothing::objects().filter(|n| n.exact.gt(dec!(9.5))).count(&db).await?, 2);
        assert_eq!(Nothing::objects().filter(|n| n.exact.eq(dec!(10.000000))).count(&db).await?, 1);
        assert_eq!(Nothing::objects().aggregate(&db, |n| n.exact.sum()).await?, Some(dec!(116.500001)));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn types_of_our_own() -> Result<()> {
    each(async |db| {
        let new =
            |name: &str, warmth, height| NewPlace { name: name.into(), warmth: Celsius(warmth), height };
        new("Summit", -12.5, 4810).with(|p| p.record.set(Celsius(-40.0))).create(&db).await?;
        new("Shore", 21.0, 0).create(&db).await?;
        let places = Place::objects().all(&db).await?;
        assert_eq!(places[0].warmth, Celsius(21.0), "the lowest first");
        assert_eq!((places[0].record, places[1].record), (None, Some(Celsius(-40.0))));
        let warm = Place::objects().filter(|p| p.warmth.eq(Celsius(21.0)) & p.height.lt(10)).get(&db).await?;
        assert_eq!(warm.name, "Shore");
        Ok(())
    })
    .await
}
