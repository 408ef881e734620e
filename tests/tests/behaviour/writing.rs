//! Changing many rows at once, and rows that may be there already.

use nuages::prelude::*;
use nuages::test::assert_queries;
use nuages_tests::models::*;

use crate::each;
use crate::shelf::shelf;

#[tokio::test]
async fn update_in_one_statement() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let query = Book::objects().filter(|b| b.status.eq(Status::Published));
        let changed = assert_queries(
            &db,
            1,
            query.update(&db, |b| (b.price.set(b.price * dec!(2)), b.in_stock.set(false))),
        )
        .await?;
        assert_eq!(changed, 2);
        let prices = Book::objects().order_by(|b| b.price).values(|b| b.price).all(&db).await?;
        assert_eq!(prices, [dec!(0), dec!(7.25), dec!(19.80), dec!(25)]);
        assert_eq!(Book::objects().filter(|b| b.in_stock.eq(true)).count(&db).await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn update_over_a_relation() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let marys = Book::objects().filter(|b| b.author.name.startswith("Mary") & b.tags.is_null());
        assert_eq!(marys.update(&db, |b| b.title.set("Nameless")).await?, 1);
        let sequels = Book::objects().filter(|b| b.author.books().title.eq("Nameless"));
        assert_eq!(
            sequels.update(&db, |b| b.publisher.set_null()).await?,
            2,
            "a subquery on the table itself"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn many_new_rows() -> Result<()> {
    each(async |db| {
        let author = NewAuthor { name: "Lope de Vega".into() }.create(&db).await?;
        let author = ForeignKey::from(&author);
        let play = |number: i32| NewBook { title: format!("Play {number}"), author, price: dec!(1.5) };
        let plays = |from: i32| (from..from + 1500).map(play);
        assert_eq!(Book::objects().bulk_create(&db, plays(0)).await?, 1500);
        assert_eq!(
            Book::objects().filter(|b| b.status.eq(Status::Draft) & b.price.eq(dec!(1.5))).count(&db).await?,
            1500
        );
        let error = Book::objects().bulk_create(&db, plays(1499)).await.unwrap_err();
        assert!(error.is_unique(), "{error}");
        assert_eq!(Book::objects().count(&db).await?, 1500, "all or nothing");
        assert_eq!(Book::objects().bulk_create(&db, Vec::<NewBook>::new()).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn get_or_create() -> Result<()> {
    each(async |db| {
        let (first, new) =
            Tag::objects().filter(|t| t.name.eq("x")).get_or_create(&db, NewTag { name: "x".into() }).await?;
        assert!(new);
        let (second, new) =
            Tag::objects().filter(|t| t.name.eq("x")).get_or_create(&db, NewTag { name: "x".into() }).await?;
        assert!(!new);
        assert_eq!(first, second);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn everybody_may_try_to_create_it_at_once() -> Result<()> {
    each(async |db| {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let db = db.detached();
                tokio::spawn(async move {
                    Tag::objects()
                        .filter(|t| t.name.eq("race"))
                        .get_or_create(&db, NewTag { name: "race".into() })
                        .await
                })
            })
            .collect();
        let mut made = 0;
        for task in tasks {
            made += u32::from(task.await??.1);
        }
        assert_eq!(made, 1);
        assert_eq!(Tag::objects().count(&db).await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn update_or_create() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let new = || NewBook { title: "Frankenstein".into(), author: (&shelf.mary).into(), price: dec!(1) };
        let query = || Book::objects().filter(|b| b.title.eq("Frankenstein") & b.author.eq(&shelf.mary));
        let (book, made) = query().update_or_create(&db, new(), |b| b.price.set(dec!(8))).await?;
        assert_eq!((book.id, book.price, made), (shelf.frankenstein.id, dec!(8), false));
        query().delete(&db).await?;
        let (book, made) = query().update_or_create(&db, new(), |b| b.price.set(dec!(9))).await?;
        assert_eq!((book.price, made), (dec!(9), true));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn row_locks_where_there_are_any() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let query = Book::objects().filter(|b| b.id.eq(shelf.left_hand.id)).select_for_update();
        let outcome = db.atomic(async |db| query.clone().get(&db).await).await;
        if db.capabilities().for_update {
            assert_eq!(outcome?, shelf.left_hand);
        } else {
            assert!(outcome.unwrap_err().is_not_supported());
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_new_row_computes_nothing_from_columns() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let new = || {
            NewBook { title: "New".into(), author: (&shelf.mary).into(), price: dec!(1) }
                .with(|b| b.in_stock.set(false))
                .with(|b| b.price.set(b.price * dec!(2)))
        };
        let before = Book::objects().count(&db).await?;
        let created = new().create(&db).await.unwrap_err();
        let bulk = Book::objects().bulk_create(&db, [new()]).await.unwrap_err();
        let checked = new().full_clean(&db).await.unwrap_err();
        for error in [created, bulk, checked] {
            assert!(error.is_not_supported() && error.field() == Some("price"), "{error}");
            assert!(error.to_string().contains("there is no row yet to compute it from"), "{error}");
        }
        assert_eq!(Book::objects().count(&db).await?, before);
        Ok(())
    })
    .await
}
