//! Many rows written at once.

use nuages::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(app_label = "writes", ordering(id), display = "{code}")]
pub struct Item {
    pub id: i64,
    #[field(max_length = 20, unique)]
    pub code: String,
    #[field(default = 0)]
    pub count: i32,
    #[field(max_digits = 8, decimal_places = 2, default = dec!(0))]
    pub price: Decimal,
    pub seen: Option<Date>,
    pub note: Option<Json>,
    #[field(default = false)]
    pub flag: bool,
    #[field(auto_now)]
    pub changed: DateTime,
}

/// Its key is a word.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(app_label = "writes", ordering(code), display = "{code}")]
pub struct Word {
    #[field(primary_key, max_length = 20)]
    pub code: String,
    #[field(default = 0)]
    pub count: i32,
}

async fn each(test: impl AsyncFn(Db) -> Result<()>) -> Result<()> {
    nuages::test::on_each_database(async |db| {
        nuages_tests::tables::create(&db, &[Item::schema, Word::schema]).await?;
        test(db).await
    })
    .await
}

fn item(code: &str) -> NewItem {
    NewItem { code: code.into() }
}

#[tokio::test]
async fn many_rows_are_changed_at_once_each_to_its_own() -> Result<()> {
    each(async |db| {
        Item::objects().bulk_create(&db, (0..1203).map(|n| item(&format!("i{n}")))).await?;
        let mut items = Item::objects().all(&db).await?;
        for (number, item) in (0_i32..).zip(&mut items) {
            item.count = number;
            item.price = Decimal::new(i64::from(number) * 7, 2);
            item.seen = (number % 2 == 0).then(|| Date::from_ymd_opt(2020, 1, 1).unwrap());
            item.note = (number % 3 == 0).then(|| Json::from(vec![number]));
            item.flag = number % 5 == 0;
            item.code = "not written".into();
        }
        let count = db.query_count();
        let written =
            Item::objects().bulk_update(&db, &items, |i| (i.count, i.price, i.seen, i.note, i.flag)).await?;
        assert_eq!(written, 1203);
        assert!(
            db.query_count() - count <= 5,
            "BEGIN, three statements, COMMIT: {}",
            db.query_count() - count
        );
        let after = Item::objects().all(&db).await?;
        for (number, (before, item)) in items.iter().zip(&after).enumerate() {
            assert_eq!(item.code, format!("i{number}"));
            let both = [before, item].map(|i| (i.count, i.price, i.seen, i.note.clone(), i.flag));
            assert_eq!(both[0], both[1]);
            assert!(item.changed > before.changed, "the time of the change is kept");
        }
        // Rows that are gone are left out.
        Item::objects().filter(|i| i.count.lt(1200)).delete(&db).await?;
        assert_eq!(Item::objects().bulk_update(&db, &items, |i| i.count).await?, 3);
        assert_eq!(Item::objects().bulk_update(&db, &[], |i| i.count).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn rows_with_words_for_keys_are_changed_at_once() -> Result<()> {
    each(async |db| {
        for code in ["a", "B", "b", "ä"] {
            NewWord { code: code.into() }.create(&db).await?;
        }
        let mut words = Word::objects().all(&db).await?;
        for word in &mut words {
            word.count = i32::try_from(word.code.len())? + i32::from(word.code == "B");
        }
        assert_eq!(Word::objects().bulk_update(&db, &words, |w| w.count).await?, 4);
        let counts = Word::objects().order_by(|w| w.count).values(|w| (w.code, w.count)).all(&db).await?;
        let of = |code: &str| counts.iter().find(|(c, _)| c == code).unwrap().1;
        assert_eq!((of("a"), of("b"), of("B"), of("ä")), (1, 1, 2, 2));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn rows_that_are_there_already_stay_or_change() -> Result<()> {
    each(async |db| {
        item("a").with(|i| i.count.set(1)).create(&db).await?;
        let new =
            || ["a", "b", "c"].map(|code| item(code).with(|i| (i.count.set(7), i.price.set(dec!(1.25)))));
        assert!(Item::objects().bulk_create(&db, new()).await.unwrap_err().is_unique());
        assert_eq!(Item::objects().count(&db).await?, 1, "all or nothing");
        Item::objects().bulk_create_with(&db, new(), |c| c.ignore_conflicts()).await?;
        let counts = Item::objects().order_by(|i| i.code).values(|i| (i.code, i.count, i.price));
        let row = |code: &str, count: i32, price: Decimal| (code.to_owned(), count, price);
        assert_eq!(
            counts.clone().all(&db).await?,
            [row("a", 1, dec!(0)), row("b", 7, dec!(1.25)), row("c", 7, dec!(1.25))]
        );
        let before = Item::objects().filter(|i| i.code.eq("a")).get(&db).await?;
        let new = ["a", "d"].map(|code| item(code).with(|i| (i.count.set(9), i.price.set(dec!(2)))));
        Item::objects().bulk_create_with(&db, new, |c| c.update_conflicts(|i| i.code, |i| i.count)).await?;
        let all = counts.all(&db).await?;
        assert_eq!(all[0], row("a", 9, dec!(0)), "only the columns that were named");
        assert_eq!(all[3], row("d", 9, dec!(2)));
        let after = Item::objects().filter(|i| i.code.eq("a")).get(&db).await?;
        assert!(after.id == before.id && after.changed > before.changed);
        // Another mistake is one still.
        let no_code =
            Item::objects().bulk_create_with(&db, [item(&"x".repeat(2000))], |c| c.ignore_conflicts()).await;
        assert!(no_code.is_err() || db.backend() == nuages::backend::Backend::Sqlite);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_row_is_made_or_changed_in_one_statement() -> Result<()> {
    each(async |db| {
        let new = |count: i32| item("a").with(move |i| (i.count.set(count), i.price.set(dec!(3))));
        let made = new(1).upsert(&db, |i| i.code, |i| (i.count, i.price)).await?;
        let changed = new(2).upsert(&db, |i| i.code, |i| i.count).await?;
        assert_eq!((made.id, made.count, changed.count), (changed.id, 1, 2));
        assert_eq!(Item::objects().count(&db).await?, 1);
        // Many at a time: nobody is told that the row is there.
        let tasks = (0..8).map(|n| {
            let db = db.detached();
            let new = NewWord { code: "w".into() }.with(|w| w.count.set(n));
            async move { new.upsert(&db, |w| w.code, |w| w.count).await }
        });
        for outcome in futures_util::future::join_all(tasks).await {
            outcome?;
        }
        assert_eq!(Word::objects().count(&db).await?, 1);
        let lacks = NewItem { code: "z".into() }.draft().upsert(&db, |i| i.seen, |i| i.count).await;
        assert_eq!(lacks.unwrap_err().kind(), ErrorKind::NotSupported);
        Ok(())
    })
    .await
}
