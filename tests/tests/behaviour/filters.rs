//! Conditions: lookups, trees, negation, NULL, and relations on the way.

use nuages::prelude::*;
use nuages_tests::models::*;

use crate::each;
use crate::shelf::{day, shelf};

type Fields = <Book as Model>::Fields<nuages::path::Root<Book>>;

/// The titles that a condition keeps, in order.
async fn found(db: &Db, condition: impl FnOnce(&Fields) -> Q<Book>) -> Result<Vec<String>> {
    Book::objects().filter(condition).order_by(|b| b.title).values(|b| b.title).all(db).await
}

const ODD: &str = "100%_\\ sure?";
const DISPOSSESSED: &str = "The Dispossessed";
const FRANKENSTEIN: &str = "Frankenstein";
const LEFT_HAND: &str = "The Left Hand of Darkness";

#[tokio::test]
async fn comparisons() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        assert_eq!(found(&db, |b| b.price.eq(dec!(12.5))).await?, [DISPOSSESSED]);
        assert_eq!(found(&db, |b| b.price.ne(dec!(12.5))).await?, [ODD, FRANKENSTEIN, LEFT_HAND]);
        assert_eq!(found(&db, |b| b.price.lt(dec!(7.25))).await?, [ODD]);
        assert_eq!(found(&db, |b| b.price.lte(dec!(7.25))).await?, [ODD, FRANKENSTEIN]);
        assert_eq!(found(&db, |b| b.price.gt(dec!(9.90))).await?, [DISPOSSESSED]);
        assert_eq!(found(&db, |b| b.price.gte(dec!(9.90))).await?, [DISPOSSESSED, LEFT_HAND]);
        assert_eq!(found(&db, |b| b.price.range(dec!(7), dec!(10))).await?, [FRANKENSTEIN, LEFT_HAND]);
        assert_eq!(found(&db, |b| b.status.eq(Status::OutOfPrint)).await?, [FRANKENSTEIN]);
        assert_eq!(found(&db, |b| b.in_stock.eq(false)).await?, [FRANKENSTEIN]);
        assert_eq!(found(&db, |b| b.title.is_in([FRANKENSTEIN, "No such"])).await?, [FRANKENSTEIN]);
        assert_eq!(found(&db, |b| b.title.is_in(Vec::<String>::new())).await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn text() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        assert_eq!(found(&db, |b| b.title.contains("Hand")).await?, [LEFT_HAND]);
        assert_eq!(found(&db, |b| b.title.contains("hand")).await?, Vec::<String>::new(), "case counts");
        assert_eq!(found(&db, |b| b.title.icontains("hAND")).await?, [LEFT_HAND]);
        assert_eq!(found(&db, |b| b.title.startswith("The ")).await?, [DISPOSSESSED, LEFT_HAND]);
        assert_eq!(found(&db, |b| b.title.startswith("the ")).await?, Vec::<String>::new());
        assert_eq!(found(&db, |b| b.title.istartswith("the ")).await?, [DISPOSSESSED, LEFT_HAND]);
        assert_eq!(found(&db, |b| b.title.endswith("stein")).await?, [FRANKENSTEIN]);
        assert_eq!(found(&db, |b| b.title.iendswith("STEIN")).await?, [FRANKENSTEIN]);
        assert_eq!(found(&db, |b| b.title.iexact("frankenSTEIN")).await?, [FRANKENSTEIN]);
        assert_eq!(
            found(&db, |b| b.title.eq("frankenstein")).await?,
            Vec::<String>::new(),
            "case counts in eq"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn wildcards_stand_for_themselves() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        for part in ["%", "_", "\\", "100%_\\", "?"] {
            assert_eq!(found(&db, |b| b.title.contains(part)).await?, [ODD], "{part}");
            assert_eq!(found(&db, |b| b.title.icontains(part)).await?, [ODD], "{part}");
        }
        assert_eq!(found(&db, |b| b.title.startswith("1_0")).await?, Vec::<String>::new());
        assert_eq!(found(&db, |b| b.title.contains("' OR 1=1 --")).await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn null_is_asked_for_by_name() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        assert_eq!(found(&db, |b| b.published.is_null()).await?, [ODD]);
        assert_eq!(found(&db, |b| b.published.is_not_null()).await?.len(), 3);
        assert_eq!(found(&db, |b| b.publisher.is_null()).await?, [ODD, FRANKENSTEIN]);
        assert_eq!(found(&db, |b| b.published.lt(day(1900, 1, 1))).await?, [FRANKENSTEIN]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn negation_keeps_the_rows_that_django_keeps() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        // A book without a date is not a book of 1969.
        let others = [ODD, FRANKENSTEIN, DISPOSSESSED];
        assert_eq!(found(&db, |b| !b.published.eq(day(1969, 3, 1))).await?, others);
        let excluded = Book::objects().exclude(|b| b.published.eq(day(1969, 3, 1))).order_by(|b| b.title);
        assert_eq!(excluded.values(|b| b.title).all(&db).await?, others);
        // Nor is a book without a publisher one of Ace Books.
        assert_eq!(found(&db, |b| !b.publisher.name.eq("Ace Books")).await?, [ODD, FRANKENSTEIN]);
        assert_eq!(found(&db, |b| !(!b.title.eq(FRANKENSTEIN))).await?, [FRANKENSTEIN]);
        assert_eq!(found(&db, |b| !(b.in_stock.eq(true) | b.price.gt(dec!(9)))).await?, [FRANKENSTEIN]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn trees() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let tree =
            found(&db, |b| (b.in_stock.eq(true) & b.price.gt(dec!(9))) | b.title.eq(FRANKENSTEIN)).await?;
        assert_eq!(tree, [FRANKENSTEIN, DISPOSSESSED, LEFT_HAND]);
        let titles = [FRANKENSTEIN, DISPOSSESSED];
        let any =
            found(&db, |b| titles.into_iter().fold(Q::none(), |any, title| any | b.title.eq(title))).await?;
        assert_eq!(any, titles);
        assert_eq!(found(&db, |_| Q::all()).await?.len(), 4);
        assert_eq!(found(&db, |_| Q::none()).await?.len(), 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn dates() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        assert_eq!(found(&db, |b| b.published.year().eq(1974)).await?, [DISPOSSESSED]);
        assert_eq!(found(&db, |b| b.published.month().eq(3)).await?, [LEFT_HAND]);
        assert_eq!(found(&db, |b| b.published.day().is_in([1])).await?.len(), 3);
        let today = DateTime::from(std::time::SystemTime::now()).date_naive();
        assert_eq!(found(&db, |b| b.created.date().gte(today.pred_opt().unwrap())).await?.len(), 4);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn columns_against_columns() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        assert_eq!(found(&db, |b| b.author.born.gt(b.published)).await?, Vec::<String>::new());
        assert_eq!(found(&db, |b| b.published.gt(b.author.born)).await?.len(), 3);
        assert_eq!(found(&db, |b| (b.price * dec!(2)).gt(dec!(19))).await?, [DISPOSSESSED, LEFT_HAND]);
        assert_eq!(found(&db, |b| b.title.length().lt(13)).await?, [ODD, FRANKENSTEIN]);
        assert_eq!(found(&db, |b| b.title.lower().eq("frankenstein")).await?, [FRANKENSTEIN]);
        assert_eq!(found(&db, |b| b.published.coalesce(day(2000, 1, 1)).eq(day(2000, 1, 1))).await?, [ODD]);
        Ok(())
    })
    .await
}
