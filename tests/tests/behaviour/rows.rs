//! What a row can do: be made, saved, changed, read again, deleted.

use nuages::prelude::*;
use nuages::test::assert_queries;
use nuages_tests::models::*;

use crate::each;
use crate::shelf::{day, shelf};

#[tokio::test]
async fn a_new_row_has_its_defaults() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let book = &shelf.unknown;
        assert!(book.id > 0);
        assert_eq!((book.status, book.in_stock, book.published), (Status::Draft, true, None));
        assert_eq!(book.publisher, None);
        assert_eq!(
            (book.price.to_string(), shelf.dispossessed.price.to_string()),
            ("0.00".into(), "12.50".into())
        );
        let age = DateTime::from(std::time::SystemTime::now()) - book.created;
        assert!(age.num_seconds().abs() < 60, "{age}");
        assert_eq!(&Book::objects().filter(|b| b.id.eq(book.id)).get(&db).await?, book);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn save_writes_all_columns() -> Result<()> {
    each(async |db| {
        let mut book = shelf(&db).await?.left_hand;
        let before = book.changed;
        book.title = "The Left Hand".into();
        book.published = None;
        book.save(&db).await?;
        assert!(book.changed >= before, "set at each save");
        let read = Book::objects().filter(|b| b.id.eq(book.id)).get(&db).await?;
        assert_eq!(read, book);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn saving_never_brings_a_row_back() -> Result<()> {
    each(async |db| {
        let mut book = shelf(&db).await?.left_hand;
        Book::objects().filter(|b| b.id.eq(book.id)).delete(&db).await?;
        assert!(book.save(&db).await.unwrap_err().is_does_not_exist());
        assert!(book.save_only(&db, |b| b.price).await.unwrap_err().is_does_not_exist());
        assert!(book.refresh(&db).await.unwrap_err().is_does_not_exist());
        assert_eq!(Book::objects().count(&db).await?, 3);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn save_only_leaves_the_rest_alone() -> Result<()> {
    each(async |db| {
        let mut mine = shelf(&db).await?.left_hand;
        let mut theirs = mine.clone();
        theirs.title = "Winter".into();
        theirs.save(&db).await?;
        mine.price = dec!(1);
        mine.status = Status::OutOfPrint;
        mine.save_only(&db, |b| (b.price, b.status)).await?;
        theirs.refresh(&db).await?;
        assert_eq!(
            (theirs.title.as_str(), theirs.price, theirs.status),
            ("Winter", dec!(1), Status::OutOfPrint)
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn change_writes_what_changed() -> Result<()> {
    each(async |db| {
        let mut author = shelf(&db).await?.mary;
        assert_queries(&db, 0, author.change(&db, |a| a.name = "Mary Shelley".into())).await?;
        // A database that does not hand out the rows of an UPDATE is asked for the row.
        let statements = if db.capabilities().returning_changes { 1 } else { 2 };
        assert_queries(&db, statements, author.change(&db, |a| a.born = Some(day(1797, 8, 31)))).await?;
        assert_eq!(Author::objects().filter(|a| a.born.eq(day(1797, 8, 31))).get(&db).await?, author);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn refresh_reads_again() -> Result<()> {
    each(async |db| {
        let mut author = shelf(&db).await?.mary;
        let name = author.name.clone();
        Author::objects().filter(|a| a.id.eq(author.id)).update(&db, |a| a.name.set("Mary Godwin")).await?;
        assert_eq!(author.name, name);
        author.refresh(&db).await?;
        assert_eq!(author.name, "Mary Godwin");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn natural_and_given_keys() -> Result<()> {
    each(async |db| {
        let ace = NewPublisher { code: "ace".into(), name: "Ace".into() }.create(&db).await?;
        assert_eq!(Publisher::objects().filter(|p| p.code.eq("ace")).get(&db).await?, ace);
        let error = NewPublisher { code: "ace".into(), name: "Other".into() }.create(&db).await.unwrap_err();
        assert!(error.is_unique(), "{error}");
        let dear = NewAuthor { name: "Given".into() }.with(|a| a.id.set(4711)).create(&db).await?;
        assert_eq!(dear.id, 4711);
        let next = NewAuthor { name: "Made".into() }.create(&db).await?;
        assert_ne!(next.id, dear.id);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn text_is_kept_as_it_is() -> Result<()> {
    each(async |db| {
        for name in [
            "",
            " ",
            "a ",
            "'; DROP TABLE author; --",
            "\u{1F40D} snake",
            "e\u{301}",
            "é",
            "tab\tnew\nline",
            "\\",
            "%",
            "\"`",
        ] {
            let author = NewAuthor { name: name.into() }.create(&db).await?;
            assert_eq!(author.name, name);
            assert_eq!(Author::objects().filter(|a| a.name.eq(name)).get(&db).await?, author, "{name:?}");
        }
        Ok(())
    })
    .await
}
