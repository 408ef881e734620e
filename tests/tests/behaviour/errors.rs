//! What the database refuses, with the kind and the field.

use nuages::ErrorKind;
use nuages::prelude::*;
use nuages_tests::models::*;

use crate::each;
use crate::shelf::shelf;

#[tokio::test]
async fn unique() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        let error = NewAuthor { name: "Nobody".into() }.create(&db).await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Unique, Some("name")), "{error}");
        let error = Author::objects().update(&db, |a| a.name.set("Everybody")).await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Unique, Some("name")), "{error}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn unique_together() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let twin = NewBook { title: "Frankenstein".into(), author: (&shelf.mary).into(), price: dec!(1) };
        assert_eq!(twin.create(&db).await.unwrap_err().kind(), ErrorKind::Unique);
        let other = NewBook { title: "Frankenstein".into(), author: (&shelf.ursula).into(), price: dec!(1) };
        other.create(&db).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_key_that_points_at_nothing() -> Result<()> {
    each(async |db| {
        let orphan = NewBook { title: "Orphan".into(), author: ForeignKey::to(4711), price: dec!(1) };
        let error = orphan.create(&db).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ForeignKey, "{error}");
        if db.backend() != nuages::schema::Backend::Sqlite {
            assert_eq!(error.field(), Some("author"), "SQLite does not say which");
        }
        assert_eq!(Book::objects().count(&db).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn check() -> Result<()> {
    each(async |db| {
        let mut book = shelf(&db).await?.left_hand;
        book.price = dec!(-1);
        let error = book.save(&db).await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Check, Some("price")), "{error}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_error_leaves_the_session_usable() -> Result<()> {
    each(async |db| {
        shelf(&db).await?;
        for _ in 0..3 {
            NewAuthor { name: "Nobody".into() }.create(&db).await.unwrap_err();
            assert_eq!(Author::objects().count(&db).await?, 3);
        }
        Ok(())
    })
    .await
}
