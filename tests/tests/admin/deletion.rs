//! Deleting: first what will happen, then just that.

use nuages::prelude::*;
use nuages_admin::{LogEntry, Verb};
use nuages_tests::models::{Author, Book, Review};

use crate::stage::{author, book, each, reviews, superuser};

#[tokio::test]
async fn the_page_says_what_goes_and_then_it_goes() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let le_guin = author(db, "Ursula K. Le Guin").await?;
        let path = format!("/admin/nuages_tests/author/{}/delete", le_guin.id);
        let page = client.get(&path).await?;
        for part in [
            "Delete “Ursula K. Le Guin”?",
            "The Dispossessed",
            "Books to be deleted",
            "deleted with it",
            "Delete author",
        ] {
            assert!(page.contains(part), "{part}: {}", page.text());
        }
        assert_eq!(Author::objects().count(db).await?, 3, "looking deletes nothing");
        let answer = client.post(&path, &[("_confirm", "1")]).await?;
        assert_eq!(answer.redirect(), Some("/admin/nuages_tests/author/"), "{}", answer.text());
        assert_eq!((Author::objects().count(db).await?, Book::objects().count(db).await?), (2, 2));
        assert!(reviews(db).await?.is_empty());
        let entry = LogEntry::objects().get(db).await?;
        assert_eq!((entry.verb, entry.object.as_str()), (Verb::Deleted, "Ursula K. Le Guin"));
        let history = client.get(&format!("/admin/nuages_tests/author/{}/history", le_guin.id)).await?;
        assert!(history.contains("Deleted") && history.contains("Ursula K. Le Guin"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn selected_rows_are_asked_for_and_then_deleted() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let keys =
            [book(db, "A drawer").await?.id.to_string(), book(db, "Invisible Cities").await?.id.to_string()];
        let list = "/admin/nuages_tests/book/?q=i";
        let fields = [("_action", "delete_selected"), ("_selected", &*keys[0]), ("_selected", &*keys[1])];
        let page = client.post(list, &fields).await?;
        assert_eq!(page.status(), 200);
        assert!(page.contains("Delete 2 books?"), "{}", page.text());
        assert_eq!(Book::objects().count(db).await?, 4);
        let mut fields = fields.to_vec();
        fields.push(("_confirm", "1"));
        let answer = client.post(list, &fields).await?;
        assert_eq!(answer.redirect(), Some("/admin/nuages_tests/book/?q=i"), "{}", answer.text());
        assert_eq!(Book::objects().count(db).await?, 2);
        assert_eq!(LogEntry::objects().filter(|e| e.verb.eq(Verb::Deleted)).count(db).await?, 2);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn all_that_match_are_those_of_the_address() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let fields = [("_action", "delete_selected"), ("_all", "1")];
        let page = client.post("/admin/nuages_tests/book/?q=guin", &fields).await?;
        assert!(page.contains("Delete 2 books?"), "{}", page.text());
        let nothing = client.post("/admin/nuages_tests/book/", &[("_action", "delete_selected")]).await?;
        assert_eq!(nothing.status(), 303);
        assert!(client.get("/admin/nuages_tests/book/").await?.contains("Nothing was selected"));
        assert_eq!(
            client
                .post("/admin/nuages_tests/book/", &[("_action", "nonsense"), ("_all", "1")])
                .await?
                .status(),
            403
        );
        assert_eq!((Book::objects().count(db).await?, Review::objects().count(db).await?), (4, 2));
        Ok(())
    })
    .await;
}
