//! A shelf of books that most tests begin with.

use nuages::prelude::*;
use nuages_tests::models::*;

/// What is on the shelf.
pub(crate) struct Shelf {
    pub(crate) ursula: Author,
    pub(crate) mary: Author,
    pub(crate) nobody: Author,
    pub(crate) dispossessed: Book,
    pub(crate) left_hand: Book,
    pub(crate) frankenstein: Book,
    pub(crate) unknown: Book,
    pub(crate) fiction: Tag,
    pub(crate) classic: Tag,
}

/// Two authors with books, one without; four books, one of them bare of everything optional.
pub(crate) async fn shelf(db: &Db) -> Result<Shelf> {
    let mary = author(db, "Mary Shelley", Some(day(1797, 8, 30)), None).await?;
    let ursula = author(db, "Ursula K. Le Guin", Some(day(1929, 10, 21)), Some(&mary)).await?;
    let nobody = author(db, "Nobody", None, None).await?;
    let ace = NewPublisher { code: "ace".into(), name: "Ace Books".into() }.create(db).await?;

    let dispossessed =
        NewBook { title: "The Dispossessed".into(), author: (&ursula).into(), price: dec!(12.50) }
            .with(|b| {
                (b.published.set(day(1974, 5, 1)), b.status.set(Status::Published), b.publisher.set(&ace))
            })
            .create(db)
            .await?;
    let left_hand =
        NewBook { title: "The Left Hand of Darkness".into(), author: (&ursula).into(), price: dec!(9.90) }
            .with(|b| {
                (b.published.set(day(1969, 3, 1)), b.status.set(Status::Published), b.publisher.set(&ace))
            })
            .create(db)
            .await?;
    let frankenstein = NewBook { title: "Frankenstein".into(), author: (&mary).into(), price: dec!(7.25) }
        .with(|b| (b.published.set(day(1818, 1, 1)), b.status.set(Status::OutOfPrint), b.in_stock.set(false)))
        .create(db)
        .await?;
    let unknown =
        NewBook { title: "100%_\\ sure?".into(), author: (&mary).into(), price: dec!(0) }.create(db).await?;

    let fiction = NewTag { name: "fiction".into() }.create(db).await?;
    let classic = NewTag { name: "classic".into() }.create(db).await?;
    dispossessed.tags.add(db, &fiction).await?;
    left_hand.tags.add_all(db, [&fiction, &classic]).await?;
    frankenstein.tags.add(db, &classic).await?;
    for (book, stars) in [(&dispossessed, 5), (&dispossessed, 2), (&frankenstein, 4)] {
        NewReview { book: book.into(), stars }.create(db).await?;
    }
    Ok(Shelf { ursula, mary, nobody, dispossessed, left_hand, frankenstein, unknown, fiction, classic })
}

async fn author(db: &Db, name: &str, born: Option<Date>, teacher: Option<&Author>) -> Result<Author> {
    let mut draft = NewAuthor { name: name.into() }.with(|a| a.born.set(born));
    if let Some(teacher) = teacher {
        draft = draft.with(|a| a.teacher.set(teacher));
    }
    draft.create(db).await
}

/// A day.
pub(crate) fn day(year: i32, month: u32, day: u32) -> Date {
    Date::from_ymd_opt(year, month, day).unwrap()
}

/// The titles of books, in the order given.
pub(crate) fn titles(books: &[Book]) -> Vec<&str> {
    books.iter().map(|book| book.title.as_str()).collect()
}
