//! Relations in conditions and as methods of rows: both ways, over several hops, many to many.

use nuages::prelude::*;
use nuages_tests::models::*;

use crate::each;
use crate::shelf::{shelf, titles};

#[tokio::test]
async fn forward() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let by_row = Book::objects().filter(|b| b.author.eq(&shelf.ursula)).all(&db).await?;
        assert_eq!(titles(&by_row), ["The Dispossessed", "The Left Hand of Darkness"]);
        let by_key = Book::objects().filter(|b| b.author.eq(shelf.ursula.id)).all(&db).await?;
        assert_eq!(by_row, by_key);
        let by_foreign_key = Book::objects().filter(|b| b.author.eq(by_row[0].author)).all(&db).await?;
        assert_eq!(by_row, by_foreign_key);
        let two_hops = Book::objects().filter(|b| b.author.teacher.name.eq("Mary Shelley")).all(&db).await?;
        assert_eq!(by_row, two_hops);
        let natural = Book::objects().filter(|b| b.publisher.eq("ace")).count(&db).await?;
        assert_eq!(natural, 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn reverse() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let dear = Author::objects().filter(|a| a.books().price.gt(dec!(9))).distinct().all(&db).await?;
        assert_eq!(dear, [shelf.ursula.clone()]);
        let without = Author::objects().filter(|a| a.books().is_null()).all(&db).await?;
        assert_eq!(without, [shelf.nobody]);
        let own = shelf.mary.books().order_by(|b| b.title).all(&db).await?;
        assert_eq!(titles(&own), ["100%_\\ sure?", "Frankenstein"]);
        assert_eq!(shelf.mary.pupils().get(&db).await?, shelf.ursula);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn exclude_over_many_rows_is_not_exists() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        // Mary has one book in stock and one that is not; she has a book out of stock, so she goes.
        let kept = Author::objects().exclude(|a| a.books().in_stock.eq(false)).all(&db).await?;
        assert_eq!(kept, [shelf.nobody.clone(), shelf.ursula.clone()]);
        let kept =
            Book::objects().exclude(|b| b.tags.name.eq("classic")).order_by(|b| b.title).all(&db).await?;
        assert_eq!(titles(&kept), ["100%_\\ sure?", "The Dispossessed"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn one_filter_hits_one_row_and_chained_ones_need_not() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let one = Author::objects().filter(|a| a.books().in_stock.eq(false) & a.books().price.eq(dec!(0)));
        assert_eq!(one.all(&db).await?, []);
        let any = Author::objects()
            .filter(|a| a.books().in_stock.eq(false))
            .filter(|a| a.books().price.eq(dec!(0)));
        assert_eq!(any.all(&db).await?, [shelf.mary]);
        let both =
            Book::objects().filter(|b| b.tags.name.eq("classic")).filter(|b| b.tags.name.eq("fiction"));
        assert_eq!(both.all(&db).await?, [shelf.left_hand]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn many_to_many_from_both_ends() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let tagged =
            Book::objects().filter(|b| b.tags.eq(&shelf.classic)).order_by(|b| b.title).all(&db).await?;
        assert_eq!(titles(&tagged), ["Frankenstein", "The Left Hand of Darkness"]);
        let tags =
            Tag::objects().filter(|t| t.books().author.name.startswith("Ursula")).distinct().all(&db).await?;
        assert_eq!(tags, [shelf.classic.clone(), shelf.fiction.clone()]);
        assert_eq!(shelf.fiction.books().count(&db).await?, 2);
        assert_eq!(shelf.left_hand.tags.objects().all(&db).await?, [shelf.classic, shelf.fiction]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn many_to_many_is_changed() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let book = &shelf.unknown;
        let names = async || book.tags.objects().values(|t| t.name).all(&db).await;
        book.tags.add(&db, &shelf.fiction).await?;
        book.tags.add(&db, &shelf.fiction).await?;
        assert_eq!(names().await?, ["fiction"], "twice is once");
        book.tags.set(&db, [&shelf.classic]).await?;
        assert_eq!(names().await?, ["classic"]);
        book.tags.add_all(&db, [shelf.fiction.id, shelf.classic.id]).await?;
        assert_eq!(names().await?, ["classic", "fiction"]);
        book.tags.remove(&db, &shelf.classic).await?;
        assert_eq!(names().await?, ["fiction"]);
        book.tags.clear(&db).await?;
        assert_eq!(names().await?, Vec::<String>::new());
        assert!(book.tags.add(&db, 4711).await.unwrap_err().is_foreign_key());
        assert_eq!(shelf.left_hand.tags.objects().count(&db).await?, 2, "other books keep theirs");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn one_to_one() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let new = || NewProfile { author: (&shelf.ursula).into(), page: "Of Portland.".into() };
        let profile = new().create(&db).await?;
        assert_eq!(shelf.ursula.profile().get(&db).await?, profile);
        let found = Author::objects().filter(|a| a.profile().page.contains("Portland")).all(&db).await?;
        assert_eq!(found, [shelf.ursula.clone()]);
        let error = new().create(&db).await.unwrap_err();
        assert!(error.is_unique());
        assert_eq!(error.field(), Some("author"));
        Ok(())
    })
    .await
}
