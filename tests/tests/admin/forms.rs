//! Forms: adding, changing, what is wrong, what is written down.

use nuages::prelude::*;
use nuages_admin::LogEntry;
use nuages_tests::models::{Author, Status};

use crate::stage::{author, book, each, hidden, superuser, tags_of};

#[tokio::test]
async fn a_row_is_added_with_its_relations_and_written_down() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let author = author(db, "Ursula K. Le Guin").await?.id.to_string();
        let tag = tags_of(db, &book(db, "The Left Hand of Darkness").await?).await?[0].clone();
        let fields = [
            ("title", "  The Word for World is Forest "),
            ("author", &author),
            ("price", "9.9"),
            ("status", "published"),
            ("in_stock", "on"),
            ("published", "1972-03-01"),
            ("tags", &*tag.id.to_string()),
            ("_save", "1"),
        ];
        let answer = client.post("/admin/nuages_tests/book/add", &fields).await?;
        assert_eq!(answer.redirect(), Some("/admin/nuages_tests/book/"), "{}", answer.text());
        let made = book(db, "The Word for World is Forest").await?;
        assert_eq!((made.price, made.status, made.in_stock), (dec!(9.90), Status::Published, true));
        assert_eq!(made.author.key().to_string(), author);
        assert_eq!(tags_of(db, &made).await?, [tag]);
        let list = client.get("/admin/nuages_tests/book/").await?;
        assert!(list.contains("The book was added:") && list.contains("The Word for World is Forest"));
        assert!(
            !client.get("/admin/nuages_tests/book/").await?.contains("The book was added:"),
            "news are told once"
        );
        let history = client.get(&format!("/admin/nuages_tests/book/{}/history", made.id)).await?.text();
        for word in ["Added", "django", "Ursula K. Le Guin", "9.90", "Published", "fiction"] {
            assert!(history.contains(word), "{word}: {history}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_change_writes_what_differs_with_what_it_was() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let left = book(db, "The Left Hand of Darkness").await?;
        let path = format!("/admin/nuages_tests/book/{}/", left.id);
        let version = hidden(&client.get(&path).await?, "_version");
        let author = left.author.key().to_string();
        let fields = [
            ("title", "The Left Hand of Darkness"),
            ("author", &author),
            ("price", "7.77"),
            ("status", "draft"),
            ("published", "1969-03-01"),
            ("_version", &version),
            ("_continue", "1"),
        ];
        let answer = client.post(&path, &fields).await?;
        assert_eq!(answer.redirect(), Some(path.as_str()), "{}", answer.text());
        let now = book(db, "The Left Hand of Darkness").await?;
        assert_eq!((now.price, now.in_stock), (dec!(7.77), false));
        assert!(tags_of(db, &now).await?.is_empty(), "boxes that are not ticked are not posted");
        let entry = LogEntry::objects().order_by(|e| e.id.desc()).first(db).await?.unwrap();
        let changes = entry.changes.to_string();
        assert_eq!(entry.username, "django");
        for part in ["\"was\":\"12.50\"", "\"now\":\"7.77\"", "In stock", "fiction, travel"] {
            assert!(changes.contains(part), "{part}: {changes}");
        }
        assert!(!changes.contains("Title"), "{changes}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let author = author(db, "Nobody").await?.id.to_string();
        let fields = [
            ("title", ""),
            ("author", &author),
            ("price", "dear"),
            ("status", "wrong"),
            ("published", "never"),
            ("_save", "1"),
        ];
        let page = client.post("/admin/nuages_tests/book/add", &fields).await?;
        assert_eq!(page.status(), 422);
        let text = page.text();
        for part in [
            "href=\"#id_title\"",
            "href=\"#id_price\"",
            "href=\"#id_status\"",
            "href=\"#id_published\"",
            "value=\"dear\"",
            "value=\"never\"",
            "4 things need your attention",
            "Nobody",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let gone =
            [("title", "x"), ("author", "987654"), ("price", "1"), ("status", "draft"), ("_save", "1")];
        assert!(
            client
                .post("/admin/nuages_tests/book/add", &gone)
                .await?
                .contains("This author does not exist any more.")
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_the_database_refuses_is_said_at_its_field() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let page = client
            .post("/admin/nuages_tests/author/add", &[("name", "Italo Calvino"), ("_save", "1")])
            .await?;
        assert_eq!(page.status(), 422, "{}", page.text());
        assert!(page.contains("Another author has this name already."), "{}", page.text());
        let author = author(db, "Nobody").await?.id.to_string();
        let fields =
            [("title", "Cheap"), ("author", &author), ("price", "-1"), ("status", "draft"), ("_save", "1")];
        let page = client.post("/admin/nuages_tests/book/add", &fields).await?;
        assert_eq!(page.status(), 422, "{}", page.text());
        assert_eq!(Author::objects().count(db).await?, 3);
        assert_eq!(LogEntry::objects().count(db).await?, 0, "what was not done is not written down");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn every_kind_of_column_comes_back_as_it_went() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let fields = [
            ("key", "67e55044-10b1-426f-9247-bb680e5fe0c8"),
            ("flag", "on"),
            ("small", "-7"),
            ("middle", "70000"),
            ("large", "9007199254740993"),
            ("single", "1.5"),
            ("double", "0.1"),
            ("exact", "3.141593"),
            ("text", "two\r\nlines & <more>"),
            ("short", "s"),
            ("day", "2026-11-20"),
            ("time", "14:30"),
            ("instant", "2026-11-20T14:30"),
            ("length", "1 12:30:00"),
            ("uuid", "67e5504410b1426f9247bb680e5fe0c9"),
            ("json", "{\"a\": [1, 2]}"),
            ("_continue", "1"),
        ];
        let answer = client.post("/admin/nuages_tests/everything/add", &fields).await?;
        // Bytes have no control, so the row cannot be made here; everything else must be found good.
        if answer.status() == 422 {
            let text = answer.text();
            for field in fields {
                assert!(!text.contains(&format!("href=\"#id_{}\"", field.0)), "{}: {text}", field.0);
            }
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn without_script_a_related_row_is_chosen_on_a_page_that_returns() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let calvino = author(db, "Italo Calvino").await?.id.to_string();
        let path = "/admin/nuages_tests/book/add";
        let page = client
            .post(path, &[("title", "Kept \"title\""), ("price", "1"), ("_lookup", "author"), ("_q", "calv")])
            .await?;
        assert_eq!(page.status(), 200);
        assert!(page.contains("Italo Calvino") && !page.contains("Le Guin"), "{}", page.text());
        assert_eq!(hidden(&page, "title"), "Kept &#34;title&#34;");
        let page = client
            .post(
                path,
                &[("title", "Kept \"title\""), ("price", "1"), ("_pick", "author"), ("_picked", &calvino)],
            )
            .await?;
        assert_eq!(page.status(), 200);
        assert_eq!(hidden(&page, "author"), calvino);
        assert!(page.contains("Kept &#34;title&#34;") && page.contains("Italo Calvino"), "{}", page.text());
        Ok(())
    })
    .await;
}
