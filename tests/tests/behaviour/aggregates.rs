//! Counting and adding up: over all rows, per row, per group.

use nuages::prelude::*;
use nuages_tests::models::*;

use crate::each;
use crate::shelf::shelf;

#[tokio::test]
async fn over_all_rows() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let (count, sum, least, most) = Book::objects()
            .aggregate(&db, |b| (b.id.count(), b.price.sum(), b.price.min(), b.price.max()))
            .await?;
        assert_eq!((count, sum), (4, Some(dec!(29.65))));
        assert_eq!((least, most), (Some(dec!(0)), Some(dec!(12.50))));
        let average = Review::objects().aggregate(&db, |r| r.stars.avg()).await?.unwrap();
        assert!((average - 11.0 / 3.0).abs() < 1e-9, "{average}");
        let nothing = Book::objects().filter(|b| b.price.gt(dec!(99)));
        assert_eq!(nothing.clone().aggregate(&db, |b| b.price.sum()).await?, None);
        assert_eq!(nothing.aggregate(&db, |b| b.id.count()).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn per_row() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let rows = Author::objects()
            .annotate(|a| a.books().count())
            .annotate(|a| a.books().price.sum())
            .annotate(|a| a.books().published.max())
            .all(&db)
            .await?;
        let numbers: Vec<_> =
            rows.iter().map(|(author, count, sum, _)| (&*author.name, *count, *sum)).collect();
        assert_eq!(
            numbers,
            [
                ("Mary Shelley", 2, Some(dec!(7.25))),
                ("Nobody", 0, None),
                ("Ursula K. Le Guin", 2, Some(dec!(22.40)))
            ]
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn two_relations_do_not_multiply_each_other() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        shelf.dispossessed.tags.add(&db, &shelf.classic).await?;
        let (_, reviews, tags) = Book::objects()
            .filter(|b| b.id.eq(shelf.dispossessed.id))
            .annotate(|b| b.reviews().count())
            .annotate(|b| b.tags.count())
            .get(&db)
            .await?;
        assert_eq!((reviews, tags), (2, 2));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn only_some_rows_and_each_value_once() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let rows = Author::objects()
            .annotate(|a| a.books().count().filter(a.books().in_stock.eq(true)))
            .all(&db)
            .await?;
        assert_eq!(rows.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [1, 0, 2]);
        let authors = Book::objects().aggregate(&db, |b| b.author.id.count().distinct()).await?;
        assert_eq!(authors, 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn per_group() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let mut groups = Book::objects().values(|b| b.status).annotate(|b| b.id.count()).all(&db).await?;
        groups.sort_by_key(|(status, _)| *status as u8);
        assert_eq!(groups, [(Status::Draft, 1), (Status::Published, 2), (Status::OutOfPrint, 1)]);
        let per_author = Book::objects()
            .values(|b| b.author.name)
            .annotate(|b| b.price.max())
            .order_by(|b| b.author.name)
            .all(&db)
            .await?;
        assert_eq!(per_author[1], ("Ursula K. Le Guin".to_owned(), Some(dec!(12.50))));
        Ok(())
    })
    .await
}
