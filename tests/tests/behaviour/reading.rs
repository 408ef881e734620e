//! Which rows come, in which order, and how many.

use futures_util::StreamExt;
use nuages::prelude::*;
use nuages::test::assert_queries;
use nuages_tests::models::*;

use crate::each;
use crate::shelf::{shelf, titles};

#[tokio::test]
async fn one_row_or_an_error_that_says_which() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let none = Book::objects().filter(|b| b.title.eq("No such")).get(&db).await.unwrap_err();
        assert!(none.is_does_not_exist());
        let many = Book::objects().get(&db).await.unwrap_err();
        assert!(many.is_multiple_objects());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_order() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let all = Book::objects().filter(|b| b.published.is_not_null());
        let own = all.clone().all(&db).await?;
        assert_eq!(
            titles(&own),
            ["The Dispossessed", "The Left Hand of Darkness", "Frankenstein"],
            "the model's own"
        );
        let reversed = all.clone().reverse().all(&db).await?;
        assert_eq!(titles(&reversed), ["Frankenstein", "The Left Hand of Darkness", "The Dispossessed"]);
        let related = all.clone().order_by(|b| (b.author.name.desc(), b.price)).all(&db).await?;
        assert_eq!(titles(&related), ["The Left Hand of Darkness", "The Dispossessed", "Frankenstein"]);
        let nulls = Book::objects().order_by(|b| (b.published.asc().nulls_last(), b.id)).all(&db).await?;
        assert_eq!(nulls[3].published, None);
        let nulls = Book::objects().order_by(|b| (b.published.asc().nulls_first(), b.id)).all(&db).await?;
        assert_eq!(nulls[0].published, None);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn first_last_and_slices() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let by_price = Book::objects().order_by(|b| b.price);
        assert_eq!(by_price.clone().first(&db).await?, Some(shelf.unknown.clone()));
        assert_eq!(by_price.clone().last(&db).await?, Some(shelf.dispossessed));
        assert_eq!(Book::objects().none().first(&db).await?, None);
        assert_eq!(titles(&by_price.clone().limit(1).all(&db).await?), [shelf.unknown.title.as_str()]);
        assert_eq!(
            titles(&by_price.clone().slice(1..3).all(&db).await?),
            ["Frankenstein", "The Left Hand of Darkness"]
        );
        assert_eq!(by_price.clone().offset(3).all(&db).await?.len(), 1);
        assert_eq!(by_price.clone().slice(1..3).offset(1).all(&db).await?.len(), 1, "a slice of a slice");
        assert_eq!(by_price.slice(1..3).count(&db).await?, 2, "counting counts the slice");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn counting_and_asking() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        assert_eq!(Book::objects().count(&db).await?, 4);
        assert!(Book::objects().filter(|b| b.in_stock.eq(false)).exists(&db).await?);
        assert!(!Book::objects().filter(|b| b.price.gt(dec!(99))).exists(&db).await?);
        let none = Book::objects().none();
        assert_eq!(assert_queries(&db, 0, none.count(&db)).await?, 0);
        assert_eq!(assert_queries(&db, 0, none.clone().all(&db)).await?, []);
        let tags = Book::objects().filter(|b| b.tags.is_not_null());
        assert_eq!(tags.clone().count(&db).await?, 4, "a row per tag");
        assert_eq!(tags.distinct().count(&db).await?, 3);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn values_in_place_of_rows() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let names =
            Book::objects().order_by(|b| b.title).values(|b| (b.title, b.author.name, b.publisher.name));
        let rows = names.all(&db).await?;
        assert_eq!(rows[1], ("Frankenstein".into(), "Mary Shelley".into(), None));
        assert_eq!(rows[2].2.as_deref(), Some("Ace Books"));
        let authors = Book::objects().unordered().values(|b| b.author.name).distinct().all(&db).await?;
        assert_eq!(authors.len(), 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn by_keys() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let keys = [shelf.mary.id, shelf.ursula.id, 4711];
        let found = assert_queries(&db, 1, Author::objects().in_bulk(&db, keys)).await?;
        assert_eq!(found.len(), 2);
        assert_eq!(found[&shelf.mary.id], shelf.mary);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_stream_reads_in_chunks_and_holds_no_connection() -> Result<()> {
    each(async |db| {
        let new = (0..2500).map(|number| NewTag { name: format!("tag {number:04}") });
        assert_eq!(Tag::objects().bulk_create(&db, new).await?, 2500);
        let mut stream = std::pin::pin!(Tag::objects().unordered().stream(&db));
        let mut names = std::collections::BTreeSet::new();
        while let Some(tag) = stream.next().await {
            let tag = tag?;
            if names.len() == 10 {
                // The session is free between the rows.
                assert!(Tag::objects().filter(|t| t.id.eq(tag.id)).exists(&db).await?);
            }
            names.insert(tag.name);
        }
        assert_eq!(names.len(), 2500);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn subqueries() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let dear = Book::objects().filter(|b| b.price.gt(dec!(10)));
        let reviews = Review::objects().filter(|r| r.book.in_query(dear)).all(&db).await?;
        assert_eq!(reviews.len(), 2);
        assert_eq!(*reviews[0].book.key(), shelf.dispossessed.id);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_statement_can_be_looked_at() -> Result<()> {
    each(async |db| {
        let query = Book::objects().filter(|b| b.author.name.eq("x'y"));
        let statement = query.sql(&db)?;
        assert!(statement.sql.contains("JOIN"), "{}", statement.sql);
        assert!(!statement.sql.contains("x'y"), "values are bound: {}", statement.sql);
        assert!(!query.explain(&db).await?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn distinct_goes_with_any_order() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        // The model's own ordering is not selected, so it does not count.
        let statuses = Book::objects().values(|b| b.status).distinct().all(&db).await?;
        assert_eq!(statuses.len(), 3);
        let titles = Book::objects().distinct().order_by(|b| b.price).values(|b| b.title).all(&db).await?;
        assert_eq!(titles[0], "100%_\\ sure?");
        let authors = Author::objects().filter(|a| a.books().is_not_null()).distinct().all(&db).await?;
        assert_eq!(authors.len(), 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_row_before_and_the_row_after() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let in_order = Book::objects().order_by(|b| (b.price.asc(), b.id.asc())).all(&db).await?;
        for pair in in_order.windows(2) {
            let [one, other] = pair else { continue };
            assert_eq!(one.get_next_by(&db, |b| b.price).await?.map(|b| b.id), Some(other.id));
            assert_eq!(other.get_previous_by(&db, |b| b.price).await?.map(|b| b.id), Some(one.id));
        }
        assert!(in_order[0].get_previous_by(&db, |b| b.price).await?.is_none());
        assert!(in_order[in_order.len() - 1].get_next_by(&db, |b| b.price).await?.is_none());
        // Of rows with one value the key decides.
        let twins = Book::objects().update(&db, |b| b.price.set(dec!(5))).await?;
        let first = Book::objects().order_by(|b| b.id.asc()).first(&db).await?.unwrap();
        let (mut row, mut count) = (first, 1);
        while let Some(next) = row.get_next_by(&db, |b| b.price).await? {
            assert!(next.id > row.id);
            (row, count) = (next, count + 1);
        }
        assert_eq!(count, twins);
        let undated = Book::objects().filter(|b| b.published.is_null()).first(&db).await?;
        if let Some(undated) = undated {
            assert!(undated.get_next_by(&db, |b| b.published).await?.is_none(), "it stands nowhere");
        }
        let dated = Book::objects().filter(|b| b.published.is_not_null()).order_by(|b| b.published.desc());
        let last = dated.first(&db).await?.unwrap();
        assert!(last.get_next_by(&db, |b| b.published).await?.is_none(), "NULL comes after nothing");
        Ok(())
    })
    .await
}
