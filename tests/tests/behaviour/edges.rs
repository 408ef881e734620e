//! Where the databases differ most: lists of any length, DISTINCT with an order, slices per row, races.

use nuages::ErrorKind;
use nuages::prelude::*;
use nuages_tests::models::*;

use crate::each;
use crate::shelf::{day, shelf, titles};

#[tokio::test]
async fn distinct_rows_in_the_order_of_a_related_row() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let tagged = Book::objects().filter(|b| b.tags.is_not_null()).distinct();
        let ordered = tagged.clone().order_by(|b| (b.author.name.desc(), b.title));
        let found = ordered.clone().all(&db).await?;
        assert_eq!(titles(&found), ["The Dispossessed", "The Left Hand of Darkness", "Frankenstein"]);
        assert_eq!(ordered.clone().count(&db).await?, 3);
        // Two tables have a column `id`: a derived table must not have two.
        assert_eq!(tagged.clone().select_related(|b| b.author).count(&db).await?, 3);
        assert_eq!(ordered.clone().limit(2).aggregate(&db, |b| b.price.sum()).await?, Some(dec!(22.40)));
        assert_eq!(ordered.limit(1).update(&db, |b| b.price.set(dec!(1))).await?, 1);
        let cheap = Book::objects().filter(|b| b.price.eq(dec!(1))).get(&db).await?;
        assert_eq!(cheap.id, shelf.dispossessed.id);
        // The model's own ordering does not split the values.
        let mut stock = Book::objects().values(|b| b.in_stock).distinct().all(&db).await?;
        stock.sort_unstable();
        assert_eq!(stock, [false, true]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn groups_by_a_computed_value() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let nothing = day(1900, 1, 1);
        let mut groups = Book::objects()
            .values(|b| b.published.coalesce(nothing))
            .annotate(|b| b.id.count())
            .all(&db)
            .await?;
        groups.sort_unstable();
        assert_eq!(groups.len(), 4);
        assert_eq!(groups[1], (nothing, 1));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_slice_of_prefetched_rows_is_one_per_row() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let dearest = Author::objects()
            .prefetch_related(|a| a.books().rows(|q| q.order_by(|b| b.price.desc()).limit(1)))
            .all(&db)
            .await?;
        let found: Vec<Vec<&str>> = dearest.iter().map(|(_, books)| titles(books)).collect();
        assert_eq!(found, [vec!["Frankenstein"], vec![], vec!["The Dispossessed"]]);
        let second = Tag::objects()
            .prefetch_related(|t| t.books().rows(|q| q.order_by(|b| b.title).slice(1..5)))
            .all(&db)
            .await?;
        let found: Vec<Vec<&str>> = second.iter().map(|(_, books)| titles(books)).collect();
        assert_eq!(found, [["The Left Hand of Darkness"], ["The Left Hand of Darkness"]]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_null_makes_of_a_function_is_excluded_by_what_it_is() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let names = async |query: QuerySet<Author>| query.values(|a| a.name).all(&db).await;
        let unborn = Author::objects().exclude(|a| a.born.coalesce(day(1900, 1, 1)).eq(day(1900, 1, 1)));
        assert_eq!(names(unborn).await?, ["Mary Shelley", "Ursula K. Le Guin"]);
        // Nobody has no books: the sum is unknown, so the row stays.
        let modest = Author::objects().exclude(|a| a.books().price.sum().gt(dec!(10)));
        assert_eq!(names(modest).await?, ["Mary Shelley", "Nobody"]);
        Ok(())
    })
    .await
}

/// Writes the row that the long lists look for.
async fn everything(db: &Db) -> Result<Everything> {
    let instant: DateTime = "2024-02-29T10:20:30.000004Z".parse()?;
    NewEverything {
        flag: true,
        small: 1,
        middle: 2,
        large: 3,
        single: 0.5,
        double: 0.25,
        exact: dec!(1.25),
        text: "'\"\\é".into(),
        short: "short".into(),
        day: day(2024, 2, 29),
        time: instant.time(),
        instant,
        length: nuages::value::Duration::microseconds(5_000_001),
        uuid: Uuid::from_u128(7),
        json: Json::Null,
        bytes: vec![0, 255],
    }
    .create(db)
    .await
}

#[tokio::test]
async fn lists_of_seventy_thousand() -> Result<()> {
    const MANY: i32 = 70_000;
    each(async |db| {
        let row = everything(&db).await?;
        macro_rules! found {
            ($field:ident, $other:expr) => {
                let others = (0..MANY).map($other);
                let list = others.chain([row.$field.clone()]).collect::<Vec<_>>();
                let query = Everything::objects();
                let without = query.clone().filter(|e| e.$field.is_in(list[..MANY as usize].to_vec()));
                assert_eq!(without.count(&db).await?, 0, stringify!($field));
                let count = query.filter(|e| e.$field.is_in(list)).count(&db).await?;
                assert_eq!(count, 1, stringify!($field));
            };
        }
        let days = nuages::value::Duration::days;
        found!(large, |n| i64::from(n) + 10);
        found!(double, |n| f64::from(n) + 0.5);
        found!(exact, |n| Decimal::new(i64::from(n), 3) + dec!(1.2505));
        found!(text, |n| format!("{n}'"));
        found!(day, |n| day(1700, 1, 1) + days(i64::from(n)));
        found!(instant, |n| row.instant + days(1 + i64::from(n)));
        found!(time, |n| row.time + nuages::value::Duration::microseconds(1 + i64::from(n)));
        found!(length, |n| days(i64::from(n)));
        found!(uuid, |n| Uuid::from_u128(10 + n as u128));
        found!(bytes, |n: i32| n.to_be_bytes().to_vec());
        found!(flag, |_| false);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_text_with_a_nul_is_found_nowhere() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let books = Book::objects;
        assert_eq!(books().filter(|b| b.title.eq("a\0b")).count(&db).await?, 0);
        assert_eq!(books().filter(|b| b.title.icontains("a\0b")).count(&db).await?, 0);
        assert_eq!(books().filter(|b| b.title.is_in(["a\0b", "Frankenstein"])).count(&db).await?, 1);
        assert_eq!(books().exclude(|b| b.title.startswith("\0")).count(&db).await?, 4);
        assert_eq!(books().filter(|b| b.title.ne("\0")).count(&db).await?, 4);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn eight_tasks_make_one_row() -> Result<()> {
    each(async |db| {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let db = db.detached();
                tokio::spawn(async move {
                    let query = Tag::objects().filter(|t| t.name.eq("raced"));
                    query.get_or_create(&db, NewTag { name: "raced".into() }).await
                })
            })
            .collect();
        let mut created = 0;
        for task in tasks {
            created += usize::from(task.await??.1);
        }
        assert_eq!(created, 1);
        assert_eq!(Tag::objects().count(&db).await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn circles_of_rows_are_deleted() -> Result<()> {
    each(async |db| {
        let make = async |name: &str| NewAuthor { name: name.into() }.create(&db).await;
        let (mut one, mut two, mut own) = (make("one").await?, make("two").await?, make("own").await?);
        let key = |author: &Author| Some(author.into());
        one.change(&db, |a| a.teacher = key(&two)).await?;
        two.change(&db, |a| a.teacher = key(&one)).await?;
        let itself = key(&own);
        own.change(&db, |a| a.teacher = itself).await?;
        assert_eq!(Author::objects().filter(|a| a.id.ne(two.id)).delete(&db).await?.total, 2);
        two.refresh(&db).await?;
        assert_eq!(two.teacher, None);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_protected_row_keeps_what_would_go_with_it() -> Result<()> {
    each(async |db| {
        let teams = [
            NewTeam { name: "a".into() }.create(&db).await?,
            NewTeam { name: "b".into() }.create(&db).await?,
        ];
        for team in &teams {
            NewPlayer { name: "p".into(), team: team.into() }.create(&db).await?;
        }
        NewTitle { year: 1951, team: (&teams[1]).into() }.create(&db).await?;
        let error = Team::objects().delete(&db).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ForeignKey, "{error}");
        assert_eq!((Team::objects().count(&db).await?, Player::objects().count(&db).await?), (2, 2));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn many_new_rows_with_and_without_values() -> Result<()> {
    each(async |db| {
        let rows = (0..50).map(|n| {
            let draft = NewAuthor { name: format!("n{n}") }.draft();
            match n % 3 {
                0 => draft,
                1 => draft.with(|a| a.born.set(day(2000, 1, 1))),
                _ => draft.with(|a| a.born.set(None)),
            }
        });
        assert_eq!(Author::objects().bulk_create(&db, rows).await?, 50);
        assert_eq!(Author::objects().filter(|a| a.born.is_null()).count(&db).await?, 33);
        // One that is taken: none is written.
        let rows = ["m1", "m2", "n7"].map(|name| NewAuthor { name: name.into() });
        let error = Author::objects().bulk_create(&db, rows).await.unwrap_err();
        assert!(error.is_unique() && error.field() == Some("name"), "{error}");
        assert_eq!(Author::objects().count(&db).await?, 50);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_long_list_of_texts_is_looked_for_in_a_column_of_any_collation() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let adopted = match db.backend() {
            // What most databases of others have; it is no `_bin`, and not the database's own either.
            nuages::backend::Backend::Mysql => {
                "ALTER TABLE nuages_tests_tag MODIFY name varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL"
            }
            _ => "SELECT 1",
        };
        db.execute_script(adopted).await?;
        let many = |count: i32| (0..count).map(|n| format!("tag {n}")).chain(["classic".to_owned()]);
        for count in [150, 19_000] {
            let found = Tag::objects().filter(|t| t.name.is_in(many(count))).all(&db).await?;
            assert_eq!(found.len(), 1, "{count}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_server_of_mysql_never_cuts_a_value_to_fit() -> Result<()> {
    each(async |db| {
        if db.backend() == nuages::backend::Backend::Mysql {
            let mode =
                db.fetch_optional("SELECT @@sql_mode".into()).await?.map(|row| row.text(0)).transpose()?;
            let mode = mode.flatten().unwrap_or_default();
            // STRICT_ALL_TABLES is no default of any server: it is there because the session asked for it.
            assert!(
                mode.contains("STRICT_ALL_TABLES") && mode.contains("ERROR_FOR_DIVISION_BY_ZERO"),
                "{mode}"
            );
        }
        Ok(())
    })
    .await
}
