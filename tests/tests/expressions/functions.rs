//! Functions of text, numbers, dates and documents.

use nuages::backend::Backend;
use nuages::functions::*;
use nuages::prelude::*;
use nuages::value::Zone;

use crate::each;
use crate::shop::*;

async fn of<T: nuages::query::Slot>(db: &Db, query: QuerySet<Item, (T,)>) -> Result<Vec<T>> {
    query.order_by(|i| i.id).all(db).await
}

#[tokio::test]
async fn texts() -> Result<()> {
    each(async |db| {
        let all = Item::objects;
        assert_eq!(of(&db, all().values(|i| i.name.upper())).await?, ["LAMP", "CHAIR", "DESK", "PEN"]);
        let lengths = of(&db, all().values(|i| i.nick.length())).await?;
        assert_eq!(lengths, [Some(3), None, Some(3), Some(3)]);
        assert_eq!(of(&db, all().values(|i| i.name.left(2))).await?, ["La", "Ch", "De", "Pe"]);
        assert_eq!(of(&db, all().values(|i| i.name.right(4))).await?, ["Lamp", "hair", "Desk", "Pen"]);
        assert_eq!(of(&db, all().values(|i| i.name.right(0))).await?, [""; 4]);
        assert_eq!(of(&db, all().values(|i| i.name.substr(2, 2))).await?, ["am", "ha", "es", "en"]);
        assert_eq!(of(&db, all().values(|i| i.name.replace("a", i.name.left(1)))).await?[0], "LLmp");
        assert_eq!(of(&db, all().values(|i| i.name.str_index("e"))).await?, [0, 0, 2, 2]);
        assert_eq!(of(&db, all().values(|i| i.name.repeat(2))).await?[3], "PenPen");
        assert_eq!(of(&db, all().values(|i| i.name.repeat(0))).await?[3], "");
        assert_eq!(
            of(&db, all().values(|i| i.name.pad_start(5, '-'))).await?,
            ["-Lamp", "Chair", "-Desk", "--Pen"]
        );
        assert_eq!(
            of(&db, all().values(|i| i.name.pad_end(4, '.'))).await?,
            ["Lamp", "Chai", "Desk", "Pen."]
        );
        let blanks = of(&db, all().values(|i| concat(("  ", i.name, " ")).trim())).await?;
        assert_eq!(blanks[0], "Lamp");
        assert_eq!(of(&db, all().values(|i| concat((" ", i.name, " ")).trim_start())).await?[0], "Lamp ");
        assert_eq!(of(&db, all().values(|i| concat((" ", i.name, " ")).trim_end())).await?[0], " Lamp");
        let concats = of(&db, all().values(|i| concat((i.name, "/", i.nick, "/", i.stock)))).await?;
        assert_eq!(concats, ["Lamp/lum/7", "Chair//3", "Desk/top/0", "Pen/Lum/1000"]);
        assert_eq!(all().filter(|i| i.name.lower().length().gt(4)).count(&db).await?, 1);
        let digests = of(&db, all().values(|i| i.name.md5())).await;
        let backwards = of(&db, all().values(|i| i.name.backwards())).await;
        if db.backend() == Backend::Sqlite {
            assert!(digests.expect_err("no such function").is_not_supported());
            assert!(backwards.expect_err("no such function").is_not_supported());
        } else {
            let literal: Vec<(String, i64)> = db.raw("SELECT MD5('Lamp'), 1", ()).await?;
            assert_eq!(digests?[0], literal[0].0);
            assert_eq!(backwards?[0], "pmaL");
            assert_eq!(of(&db, all().values(|i| i.name.sha256())).await?[0].len(), 64);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn regular_expressions() -> Result<()> {
    each(async |db| {
        let names = async |query: QuerySet<Item>| {
            let rows = query.order_by(|i| i.id).values(|i| i.name).all(&db).await?;
            Result::<Vec<String>>::Ok(rows)
        };
        assert_eq!(names(Item::objects().filter(|i| i.name.regex("^[LP]"))).await?, ["Lamp", "Pen"]);
        assert_eq!(names(Item::objects().filter(|i| i.name.regex("^l"))).await?, [""; 0]);
        assert_eq!(names(Item::objects().filter(|i| i.nick.iregex("^LU"))).await?, ["Lamp", "Pen"]);
        assert_eq!(names(Item::objects().exclude(|i| i.nick.regex("u"))).await?, ["Chair", "Desk"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn numbers() -> Result<()> {
    each(async |db| {
        let all = Item::objects;
        assert_eq!(of(&db, all().values(|i| (i.price * -1).abs())).await?[0], dec!(19.99));
        let ceil = of(&db, all().values(|i| (i.price - 20).ceil())).await?;
        assert_eq!(ceil, [dec!(0), dec!(25), dec!(101), dec!(-19)]);
        let floor = of(&db, all().values(|i| (i.price - 20).floor())).await?;
        assert_eq!(floor, [dec!(-1), dec!(25), dec!(100), dec!(-20)]);
        assert_eq!(of(&db, all().values(|i| i.weight.round(1))).await?, [1.5, 7.3, 30.0, 0.0]);
        assert_eq!(
            of(&db, all().values(|i| i.price.round(1))).await?,
            [dec!(20.0), dec!(45), dec!(120.5), dec!(0.1)]
        );
        assert_eq!(of(&db, all().values(|i| (i.stock - 3).sign())).await?, [1, 0, -1, 1]);
        assert_eq!(of(&db, all().values(|i| i.price.power(2))).await?[0], dec!(399.6001));
        assert_eq!(of(&db, all().values(|i| i.stock.power(0))).await?, [1; 4]);
        assert_eq!(of(&db, all().values(|i| i.price.cast::<i64>())).await?, [19, 45, 120, 0]);
        assert_eq!(of(&db, all().values(|i| i.stock.cast::<String>())).await?[0], "7");
        assert_eq!(of(&db, all().values(|i| i.price.cast::<f64>())).await?[2], 120.5);
        let random: Vec<f64> = of(&db, all().values(|_| random())).await?;
        assert!(random.iter().all(|n| (0.0..1.0).contains(n)) && random[0] != random[1]);
        let roots = of(&db, all().values(|i| i.stock.sqrt())).await;
        if db.capabilities().maths {
            assert!((roots?[0] - 7_f64.sqrt()).abs() < 1e-9);
        } else {
            assert!(roots.expect_err("no maths").is_not_supported());
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn choices_between_values() -> Result<()> {
    each(async |db| {
        let all = Item::objects;
        let cases: Vec<String> = of(
            &db,
            all().values(|i| {
                case().when(i.price.gt(100), "dear").when(i.price.gt(20), i.name).otherwise("cheap")
            }),
        )
        .await?;
        assert_eq!(cases, ["cheap", "Chair", "dear", "cheap"]);
        let ends: Vec<Option<i32>> =
            of(&db, all().values(|i| case().when(i.fee.is_null(), i.stock).end())).await?;
        assert_eq!(ends, [None, Some(3), None, None]);
        let nullable: Vec<Option<Decimal>> =
            of(&db, all().values(|i| case().when(i.stock.gt(5), i.price).otherwise(i.fee))).await?;
        assert_eq!(nullable[1], None);
        assert_eq!(
            all().filter(|i| case().when(i.stock.eq(0), 1_i64).otherwise(0_i64).eq(1)).count(&db).await?,
            1
        );
        let greatest = of(&db, all().values(|i| greatest(i.price, i.fee))).await?;
        assert_eq!(greatest[..2], [Some(dec!(19.99)), None]);
        assert_eq!(of(&db, all().values(|i| least(i.stock, 5))).await?, [5, 3, 0, 5]);
        assert_eq!(
            of(&db, all().values(|i| i.stock.null_if(0))).await?,
            [Some(7), Some(3), None, Some(1000)]
        );
        assert_eq!(
            of(&db, all().values(|i| coalesce(i.nick, i.name))).await?,
            ["lum", "Chair", "top", "Lum"]
        );
        assert_eq!(of(&db, all().values(|_| value("x"))).await?, ["x"; 4]);
        assert_eq!(all().filter(|i| i.added.lt(now())).count(&db).await?, 4);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn parts_of_dates() -> Result<()> {
    each(async |db| {
        let all = Item::objects;
        let made = of(&db, all().values(|i| i.made.iso_year())).await?;
        assert_eq!(made, [Some(2024), Some(2023), None, Some(2024)]);
        let rows: Vec<(i32, i32, i32, i32, i32)> = all()
            .order_by(|i| i.id)
            .values(|i| {
                (
                    i.added.year(),
                    i.added.quarter(),
                    i.added.week(),
                    i.added.week_day(),
                    i.added.iso_week_day(),
                )
            })
            .all(&db)
            .await?;
        assert_eq!(rows, [(2024, 1, 13, 1, 7), (2024, 4, 43, 1, 7), (2024, 4, 1, 3, 2), (1999, 4, 52, 6, 5)]);
        let times: Vec<(i32, i32, i32)> = all()
            .order_by(|i| i.id)
            .values(|i| (i.added.hour(), i.added.minute(), i.added.second()))
            .all(&db)
            .await?;
        assert_eq!(times, [(0, 30, 0), (0, 59, 59), (23, 30, 0), (23, 59, 59)]);
        let weeks = of(&db, all().values(|i| i.made.trunc_week())).await?;
        assert_eq!(weeks, [Some(day(2024, 2, 26)), Some(day(2023, 12, 25)), None, Some(day(2024, 1, 29))]);
        let quarters = of(&db, all().values(|i| i.added.trunc_quarter())).await?;
        assert_eq!(quarters, [day(2024, 1, 1), day(2024, 10, 1), day(2024, 10, 1), day(1999, 10, 1)]);
        assert_eq!(of(&db, all().values(|i| i.made.trunc_month())).await?[0], Some(day(2024, 2, 1)));
        assert_eq!(of(&db, all().values(|i| i.made.trunc_year())).await?[1], Some(day(2023, 1, 1)));
        assert_eq!(of(&db, all().values(|i| i.added.trunc_day())).await?[2], day(2024, 12, 31));
        let seconds = of(&db, all().values(|i| i.added.trunc_second())).await?;
        assert_eq!(seconds[1].to_rfc3339(), "2024-10-27T00:59:59+00:00");
        let hours = of(&db, all().values(|i| i.added.trunc_hour())).await?;
        assert_eq!(hours[2].to_rfc3339(), "2024-12-31T23:00:00+00:00");
        let times = of(&db, all().values(|i| i.added.time())).await?;
        assert_eq!(times[1].to_string(), "00:59:59.123456");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn dates_in_a_zone() -> Result<()> {
    each(async |db| {
        let berlin: Zone = "Europe/Berlin".parse().expect("a zone");
        let india: Zone = "+05:30".parse().expect("a zone");
        let all = Item::objects;
        for zone in [berlin, india, Zone::UTC, "America/St_Johns".parse().expect("a zone")] {
            let rows = all().order_by(|i| i.id);
            let found: Vec<(DateTime, Date, i32, i32)> = rows
                .values(|i| {
                    let local = i.added.in_zone(zone);
                    (i.added, local.clone().date(), local.clone().hour(), local.minute())
                })
                .all(&db)
                .await?;
            for (instant, date, hour, minute) in found {
                use nuages::value::Time;
                let local = zone.to_local(instant);
                let shown = Time::from_hms_opt(hour.unsigned_abs(), minute.unsigned_abs(), 0).unwrap();
                assert_eq!(date, local.date(), "{zone} {instant}");
                assert_eq!(shown.to_string()[..5], local.time().to_string()[..5], "{zone} {instant}");
            }
        }
        // 2024-12-31 23:30 UTC is the new year in Berlin.
        assert_eq!(all().filter(|i| i.added.in_zone(berlin).year().eq(2025)).count(&db).await?, 1);
        let months = of(&db, all().values(|i| i.added.in_zone(berlin).trunc_month())).await?;
        assert_eq!(months[2], day(2025, 1, 1));
        let clock = of(&db, all().values(|i| i.added.in_zone(berlin).time())).await?;
        assert_eq!(clock[1].to_string(), "02:59:59.123456", "the last moment of summer time");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn documents() -> Result<()> {
    each(async |db| {
        let all = Item::objects;
        let width = of(&db, all().values(|i| i.facts.key("size").key("w").as_i64())).await?;
        assert_eq!(width, [Some(7), Some(3), Some(0), Some(1000)]);
        let tags = of(&db, all().values(|i| i.facts.key("tags").index(0).as_text())).await?;
        assert_eq!(tags[3].as_deref(), Some("Pen"));
        let wrong = of(&db, all().values(|i| i.facts.key("tags").index(0).as_i64())).await?;
        assert_eq!(wrong, [None; 4], "text is no number");
        let truths = of(&db, all().values(|i| i.facts.key("ok").as_bool())).await?;
        assert_eq!(truths, [Some(true), Some(true), Some(false), Some(true)]);
        let size = of(&db, all().values(|i| i.facts.key("size"))).await?;
        assert_eq!(size[0], Some(serde_json::json!({"w": 7})));
        assert_eq!(of(&db, all().values(|i| i.facts.key("none"))).await?, [None, None, None, None]);
        assert_eq!(all().filter(|i| i.facts.key("size").key("w").as_i64().gt(5)).count(&db).await?, 2);
        assert_eq!(all().filter(|i| i.facts.has_key("ok")).count(&db).await?, 4);
        assert_eq!(all().filter(|i| i.facts.key("size").has_key("w")).count(&db).await?, 4);
        assert_eq!(all().exclude(|i| i.facts.has_keys(["ok", "none"])).count(&db).await?, 4);
        assert_eq!(all().filter(|i| i.facts.has_any_keys(["none", "tags"])).count(&db).await?, 4);
        let inside =
            all().filter(|i| i.facts.contains_json(serde_json::json!({"ok": false}))).count(&db).await;
        match db.backend() {
            Backend::Sqlite => assert!(inside.expect_err("not there").is_not_supported()),
            _ => assert_eq!(inside?, 1),
        }
        let made = of(
            &db,
            all().values(|i| json_object([("n", part(i.name)), ("s", part(i.stock)), ("f", part(i.facts))])),
        )
        .await?;
        assert_eq!(made[0]["n"], "Lamp");
        assert_eq!(made[0]["f"]["size"]["w"], 7);
        let list = of(&db, all().values(|i| json_array([part(i.stock), part(i.nick)]))).await?;
        assert_eq!(list[1], serde_json::json!([3, null]));
        Ok(())
    })
    .await
}
