//! Rows with what belongs to them: joined, prefetched, nested, named.

use nuages::prelude::*;
use nuages::test::assert_queries;
use nuages_tests::models::*;

use crate::each;
use crate::shelf::{shelf, titles};

#[tokio::test]
async fn select_related_is_one_statement() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let query = Book::objects().select_related(|b| b.author).order_by(|b| b.title);
        let rows = assert_queries(&db, 1, query.all(&db)).await?;
        let names: Vec<_> = rows.iter().map(|(book, author)| (&*book.title, &*author.name)).collect();
        assert_eq!(names[1], ("Frankenstein", "Mary Shelley"));
        assert_eq!(names.len(), 4);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn behind_a_nullable_hop_is_an_option() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let rows = Book::objects()
            .select_related(|b| b.publisher)
            .select_related(|b| b.author.teacher)
            .order_by(|b| b.title)
            .all(&db)
            .await?;
        let (book, publisher, teacher) = &rows[1];
        assert_eq!((book, publisher, teacher), (&shelf.frankenstein, &None, &None));
        let (_, publisher, teacher) = &rows[2];
        assert_eq!(publisher.as_ref().unwrap().code, "ace");
        assert_eq!(teacher.as_ref(), Some(&shelf.mary));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn prefetch_is_one_more_statement() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let query = Author::objects().prefetch_related(|a| a.books());
        let rows = assert_queries(&db, 2, query.all(&db)).await?;
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[1], (shelf.nobody, vec![]));
        assert_eq!(
            titles(&rows[2].1),
            ["The Dispossessed", "The Left Hand of Darkness"],
            "in the books' own order"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn prefetch_of_many_to_many_from_both_ends() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let rows = Book::objects().order_by(|b| b.title).prefetch_related(|b| b.tags).all(&db).await?;
        let tags: Vec<Vec<&str>> =
            rows.iter().map(|(_, tags)| tags.iter().map(|tag| tag.name.as_str()).collect()).collect();
        assert_eq!(tags, [vec![], vec!["classic"], vec!["fiction"], vec!["classic", "fiction"]]);
        let rows = Tag::objects().prefetch_related(|t| t.books()).all(&db).await?;
        assert_eq!(rows[0].0, shelf.classic);
        assert_eq!(titles(&rows[0].1), ["The Left Hand of Darkness", "Frankenstein"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn prefetched_rows_bring_their_own() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let query = Author::objects().prefetch_related(|a| {
            a.books().rows(|q| q.filter(|b| b.price.gt(dec!(5))).prefetch_related(|b| b.reviews()))
        });
        let rows = assert_queries(&db, 3, query.all(&db)).await?;
        let (mary, books) = &rows[0];
        assert_eq!(mary, &shelf.mary);
        assert_eq!(books.len(), 1, "the free one is left out");
        assert_eq!(books[0].1.iter().map(|review| review.stars).collect::<Vec<_>>(), [4]);
        Ok(())
    })
    .await
}

/// A row with names instead of places.
#[derive(Row, Debug)]
struct Line {
    book: Book,
    author: Author,
    tags: Vec<Tag>,
    reviews: i64,
}

#[tokio::test]
async fn both_together_with_names() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let lines = Book::objects()
            .filter(|b| b.price.gt(dec!(10)))
            .select_related(|b| b.author)
            .prefetch_related(|b| b.tags)
            .annotate(|b| b.reviews().count())
            .into::<Line>()
            .all(&db)
            .await?;
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].book, shelf.dispossessed);
        assert_eq!(lines[0].author, shelf.ursula);
        assert_eq!(lines[0].tags, [shelf.fiction]);
        assert_eq!(lines[0].reviews, 2);
        Ok(())
    })
    .await
}
