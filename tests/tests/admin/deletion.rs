//! Deleting: first what will happen, then just that.

use nuages::prelude::*;
use nuages_admin::{LogEntry, Verb};
use nuages_tests::models::*;

use crate::stage::{author, book, delete, each, hidden, reviews, superuser, tags_of};

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
        let answer = delete(&mut client, &path).await?;
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
        let plan = hidden(&page, "_plan");
        let mut fields = fields.to_vec();
        fields.extend([("_confirm", "1"), ("_plan", &*plan)]);
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

#[tokio::test]
async fn what_the_database_takes_by_itself_is_told_too() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let team = NewTeam { name: "Wanderers".into() }.create(db).await?;
        let player = NewPlayer { name: "Ada".into(), team: (&team).into() }.create(db).await?;
        NewGoal { minute: 12, player: (&player).into() }.create(db).await?;
        NewFan { name: "Cy".into() }.with(|f| f.team.set(&team)).create(db).await?;
        for text in ["by the database", "and another"] {
            NewNote { text: text.into(), team: (&team).into() }.create(db).await?;
        }
        let path = format!("/admin/nuages_tests/team/{}/delete", team.id);
        let page = client.get(&path).await?;
        for part in [
            "deleted with it, by the database",
            "Notes to be deleted by the database",
            "and another",
            "kept, team set empty",
            "Delete team, 1 player and 2 more kinds",
        ] {
            assert!(page.contains(part), "{part}: {}", page.text());
        }
        assert_eq!(delete(&mut client, &path).await?.status(), 303);
        assert_eq!((Note::objects().count(db).await?, Goal::objects().count(db).await?), (0, 0));
        assert_eq!(Fan::objects().get(db).await?.team, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn only_what_was_looked_at_is_deleted() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let left = book(db, "The Left Hand of Darkness").await?;
        let path = format!("/admin/nuages_tests/book/{}/delete", left.id);
        for plan in ["", "forged", "0000000000000000:AAAA"] {
            let answer = client.post(&path, &[("_confirm", "1"), ("_plan", plan)]).await?;
            assert_eq!(answer.status(), 409, "{plan}: {}", answer.text());
        }
        let drawer = book(db, "A drawer").await?.id;
        let other = hidden(&client.get(&format!("/admin/nuages_tests/book/{drawer}/delete")).await?, "_plan");
        assert_eq!(client.post(&path, &[("_confirm", "1"), ("_plan", &other)]).await?.status(), 409);
        let page = client.get(&path).await?;
        assert!(page.contains("kept, unlinked") && page.contains(">2</td>"), "{}", page.text());
        let plan = hidden(&page, "_plan");
        let late = NewReview { book: (&left).into(), stars: 1 }.create(db).await?;
        let answer = client.post(&path, &[("_confirm", "1"), ("_plan", &plan)]).await?;
        assert_eq!(answer.status(), 409, "{}", answer.text());
        assert!(answer.contains("This is not what you looked at") && answer.contains("1 stars"));
        assert_eq!((Review::objects().count(db).await?, tags_of(db, &left).await?.len()), (3, 2));
        let plan = hidden(&answer, "_plan");
        assert_eq!(client.post(&path, &[("_confirm", "1"), ("_plan", &plan)]).await?.status(), 303);
        assert!(!Review::objects().filter(|r| r.id.eq(late.id)).exists(db).await?);
        assert_eq!(Tag::objects().count(db).await?, 2, "links go, tags stay");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn much_is_deleted_only_when_its_count_is_typed() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let nobody = author(db, "Nobody").await?;
        let books = (0..1_200).map(|n| NewBook {
            title: format!("{n}"),
            author: (&nobody).into(),
            price: Decimal::ONE,
        });
        Book::objects().bulk_create(db, books).await?;
        let path = format!("/admin/nuages_tests/author/{}/delete", nobody.id);
        let page = client.get(&path).await?;
        assert!(page.contains("Type 1201 to confirm") && page.contains("1,200"), "{}", page.text());
        let plan = hidden(&page, "_plan");
        for count in ["", "1200", "1,201"] {
            let fields = [("_confirm", "1"), ("_plan", &*plan), ("_count", count)];
            assert_eq!(client.post(&path, &fields).await?.status(), 422, "{count}");
        }
        assert_eq!(Book::objects().count(db).await?, 1_204);
        let fields = [("_confirm", "1"), ("_plan", &*plan), ("_count", " 1201 ")];
        assert_eq!(client.post(&path, &fields).await?.status(), 303);
        assert_eq!(Book::objects().count(db).await?, 4);
        Ok(())
    })
    .await;
}
