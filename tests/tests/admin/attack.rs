//! What somebody with few rights, or none, might try.

use nuages::prelude::*;
use nuages::{Db, Result};
use nuages_admin::LogEntry;
use nuages_tests::forms::edit;
use nuages_tests::models::*;

use crate::stage::{author, book, delete, each, hidden, logged_in, reviews, rows, superuser, user};

const BOOKS: &str = "/admin/nuages_tests/book/";
const HOSTILE: &str = "\"><script>window.bad=1</script><b>{{ 7*7 }}' OR '1'='1";

#[tokio::test]
async fn columns_that_are_not_in_the_form_are_not_written() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let author = author(db, "Nobody").await?.id.to_string();
        let fields = [
            ("title", "Forged"),
            ("author", &*author),
            ("price", "1"),
            ("status", "draft"),
            ("id", "4711"),
            ("created", "1999-01-01T00:00"),
            ("changed", "1999-01-01T00:00"),
            ("author_id", "1"),
            ("_save", "1"),
        ];
        assert_eq!(client.post(&format!("{BOOKS}add"), &fields).await?.status(), 303);
        let made = book(db, "Forged").await?;
        assert_ne!(made.id, 4711);
        let year = made.created.to_rfc3339();
        assert!(year.as_str() > "2020" && made.changed >= made.created, "{year}");
        assert_eq!(made.author.key().to_string(), author);
        let path = format!("{BOOKS}{}/", made.id);
        assert_eq!(edit(&mut client, &path, &fields).await?.status(), 303);
        let now = book(db, "Forged").await?;
        assert_eq!((now.id, now.created), (made.id, made.created));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn keys_of_other_models_and_of_nothing_are_refused() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let drawer = book(db, "A drawer").await?;
        let path = format!("{BOOKS}{}/", drawer.id);
        let tag = Tag::objects().first(db).await?.unwrap().id.to_string();
        let author = drawer.author.key().to_string();
        for (name, value, part) in [
            ("author", "987654", "This author does not exist any more."),
            ("author", "1 OR 1=1", "href=\"#id_author\""),
            ("author", "", "href=\"#id_author\""),
            ("publisher", "nobody' --", "This publisher does not exist any more."),
            ("tags", "987654", "This tag does not exist any more."),
            ("status", "out-of-this-world", "href=\"#id_status\""),
            ("price", "1e309", "href=\"#id_price\""),
        ] {
            let own = [
                ("title", "A drawer"),
                ("author", &*author),
                ("price", "1"),
                ("status", "draft"),
                ("tags", &*tag),
            ];
            let mut fields: Vec<(&str, &str)> = own.into_iter().filter(|(known, _)| *known != name).collect();
            fields.extend([(name, value), ("_save", "1")]);
            let page = edit(&mut client, &path, &fields).await?;
            assert_eq!(page.status(), 422, "{name}={value}: {}", page.text());
            assert!(page.contains(part), "{name}={value}: {}", page.text());
        }
        assert_eq!(book(db, "A drawer").await?, drawer);
        assert_eq!(LogEntry::objects().count(db).await?, 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_ticked_is_taken_for_what_it_is() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let foreign = Tag::objects().first(db).await?.unwrap().id + 900_000;
        let (foreign, huge) = (foreign.to_string(), "9".repeat(40));
        for key in ["", "abc", "-1", "0x1", "1;DROP TABLE nuages_tests_book", &*huge, &*foreign] {
            let answer = client.post(BOOKS, &[("_action", "publish"), ("_selected", key)]).await?;
            assert!(answer.status() == 303, "{key}: {}", answer.text());
        }
        assert_eq!(Book::objects().filter(|b| b.status.eq(Status::Published)).count(db).await?, 0);
        // 10,000 keys are taken, each once; one more is refused, and neither is an error.
        let keys: Vec<String> = (1_000_000..1_010_001).map(|key: i64| key.to_string()).collect();
        let mut fields: Vec<(&str, &str)> = vec![("_action", "publish")];
        fields.extend(keys.iter().map(|key| ("_selected", &**key)));
        assert_eq!(client.post(BOOKS, &fields).await?.status(), 303);
        assert!(client.get(BOOKS).await?.contains("more than 10,000 rows"));
        fields.pop();
        let drawer = book(db, "A drawer").await?.id.to_string();
        fields[1] = ("_selected", &*drawer);
        assert_eq!(client.post(BOOKS, &fields).await?.status(), 303);
        assert!(client.get(BOOKS).await?.contains("1 published."));
        let mut many = vec![("_selected", "-1"); 20_000];
        many[1] = ("_action", "publish");
        assert_eq!(client.post(BOOKS, &many).await?.status(), 400, "with the token it is one field too many");
        assert_eq!(client.post(BOOKS, &many[1..]).await?.status(), 303);
        fields[0] = ("_action", "delete_selected");
        let page = client.post(BOOKS, &fields).await?;
        assert_eq!(page.status(), 200, "{}", page.text());
        assert_eq!(Book::objects().count(db).await?, 4);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn addresses_that_were_made_up_show_the_usual_list() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let usual = rows(&client.get(BOOKS).await?);
        let elsewhere = client.get("/admin/nuages_tests/author/?size=10&sort=-name").await?.text();
        assert!(elsewhere.contains("Italo Calvino"));
        for query in [
            "?n=18446744073709551616&after=x",
            "?n=18446744073709551615&size=999999999",
            "?size=-1&last=",
            "?after=QUJD&before=QUJD",
            "?sort=created",
            "?sort=-author.teacher.name",
            "?sort=title;DROP TABLE nuages_tests_book",
            "?f.created.gte=2999-01-01",
            "?f.author.name=x",
            "?f.title=x",
            "?f.price.gte=99",
            "?d=99999-99-99",
            "?_popup=1&_to_field=price",
        ] {
            let page = client.get(&format!("{BOOKS}{}", query.replace(' ', "%20"))).await?;
            assert_eq!(page.status(), 200, "{query}");
            assert_eq!(rows(&page), usual, "{query}");
        }
        // A place in the list of another order is no place in this one.
        let by_price = client.get(&format!("{BOOKS}?size=10&sort=price")).await?;
        assert_eq!(by_price.status(), 200);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn passwords_are_neither_sorted_nor_searched_nor_filtered() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        user(db, "clerk", true, false, &["auth.view_user"]).await?;
        let users = "/admin/auth/user/";
        let usual = client.get(users).await?.text();
        for mut client in [client, logged_in(site, "clerk").await?] {
            assert!(client.get(&format!("{users}?q=argon2")).await?.contains("No user matches"));
            for query in ["?sort=password", "?sort=-password", "?f.password=x", "?f.password.gte=a"] {
                let page = client.get(&format!("{users}{query}")).await?;
                assert!(!page.text().to_lowercase().contains("sorted by password"), "{query}");
                assert!(
                    page.contains("2 users") && page.contains("clerk") && page.contains("django"),
                    "{query}"
                );
                assert!(!page.contains("argon2"), "{query}");
            }
        }
        assert!(usual.contains("2 users") && !usual.contains("argon2"));
        Ok(())
    })
    .await;
}

/// An author, a book, a tag and a review that are called what they should not be called.
async fn hostile_rows(db: &Db) -> Result<(String, Book, String)> {
    let author = NewAuthor { name: HOSTILE.into() }.create(db).await?;
    let book =
        NewBook { title: HOSTILE.into(), author: (&author).into(), price: Decimal::ONE }.create(db).await?;
    let tag = NewTag { name: HOSTILE[..40].into() }.create(db).await?;
    book.tags.add(db, &tag).await?;
    NewReview { book: (&book).into(), stars: 5 }.with(|r| r.text.set(HOSTILE)).create(db).await?;
    Ok((author.id.to_string(), book, tag.id.to_string()))
}

#[tokio::test]
async fn hostile_text_in_every_field_and_name_stays_text() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let (author, book, tag) = hostile_rows(db).await?;
        let path = format!("{BOOKS}{}/", book.id);
        let version = hidden(&client.get(&path).await?, "_version");
        let mut wrong = vec![("author", &*author), ("_save", "1")];
        wrong.extend(
            ["title", "price", "status", "published", "_back", "_version", "_was"]
                .map(|name| (name, HOSTILE)),
        );
        let mut saved = vec![("title", HOSTILE), ("author", &*author), ("price", "2"), ("status", "draft")];
        saved.extend([("tags", &*tag), ("_version", &*version), ("_continue", "1")]);
        let ticked = [("_action", "delete_selected"), ("_selected", &*book.id.to_string())];
        let mut pages = vec![client.post(&path, &wrong).await?];
        assert_eq!(client.post(&path, &saved).await?.status(), 303);
        pages.push(client.get(&path).await?);
        saved.extend([("_lookup", "author"), ("_q", HOSTILE)]);
        pages.push(client.post(&path, &saved).await?);
        pages.push(client.post(BOOKS, &ticked).await?);
        let script = "%22%3E%3Cscript%3Ewindow.bad=1%3C/script%3E";
        for path in [
            "/admin/".to_owned(),
            BOOKS.into(),
            "/admin/nuages_tests/tag/".into(),
            "/admin/nuages_tests/review/".into(),
            format!("{path}history"),
            format!("{path}delete"),
            format!("/admin/nuages_tests/author/{author}/delete"),
            format!("{BOOKS}add?title={script}&author={author}"),
        ] {
            pages.push(client.get(&path).await?);
        }
        assert_eq!(delete(&mut client, &format!("{path}delete")).await?.status(), 303);
        pages.push(client.get(BOOKS).await?);
        for (at, page) in pages.iter().enumerate() {
            let text = page.text();
            assert!(matches!(page.status(), 200 | 409 | 422), "{at}: {text}");
            assert!(!text.contains("<script>window") && !text.contains("<b>{{"), "{at}: {text}");
            assert!(text.contains("&#60;script&#62;") || !text.contains("window.bad"), "{at}: {text}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn every_post_wants_our_token_and_every_page_a_login() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let left = book(db, "The Left Hand of Darkness").await?;
        let posts = [
            "/admin/logout/".to_owned(),
            "/admin/password/".into(),
            "/admin/preferences/".into(),
            BOOKS.into(),
            format!("{BOOKS}add"),
            format!("{BOOKS}{}/", left.id),
            format!("{BOOKS}{}/delete", left.id),
        ];
        let mut forged = client.clone().without_csrf();
        for path in &posts {
            let answer = forged
                .post(path, &[("title", "Forged"), ("_action", "publish"), ("_all", "1"), ("_confirm", "1")])
                .await?;
            assert_eq!(answer.status(), 403, "{path}: {}", answer.text());
        }
        let mut stranger = site.client();
        for path in posts.iter().skip(1) {
            let answer =
                stranger.post(path, &[("title", "Forged"), ("_all", "1"), ("_action", "publish")]).await?;
            assert!(
                answer.redirect().is_some_and(|to| to.starts_with("/admin/login/")) || answer.status() == 403,
                "{path}"
            );
        }
        for path in [
            "/admin/",
            BOOKS,
            &*format!("{BOOKS}add"),
            &*format!("{BOOKS}{}/history", left.id),
            "/admin/nuages_tests/author/options?q=a",
        ] {
            let answer = stranger.get(path).await?;
            assert!(
                answer.redirect().is_some_and(|to| to.starts_with("/admin/login/")),
                "{path}: {}",
                answer.text()
            );
        }
        assert_eq!(client.get("/admin/").await?.status(), 200, "still logged in");
        assert_eq!((Book::objects().count(db).await?, reviews(db).await?.len()), (4, 2));
        assert_eq!(Book::objects().filter(|b| b.status.eq(Status::Published)).count(db).await?, 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_action_needs_its_permission_whatever_is_posted() {
    each(async |site, db| {
        user(db, "clerk", true, false, &["nuages_tests.view_book"]).await?;
        let mut clerk = logged_in(site, "clerk").await?;
        let drawer = book(db, "A drawer").await?.id.to_string();
        for action in ["publish", "delete_selected", "", "nonsense", "run"] {
            let fields = [("_action", action), ("_selected", &*drawer), ("_confirm", "1")];
            assert_eq!(clerk.post(BOOKS, &fields).await?.status(), 403, "{action}");
        }
        assert!(!clerk.get(BOOKS).await?.contains("_action"));
        assert_eq!((Book::objects().count(db).await?, LogEntry::objects().count(db).await?), (4, 0));
        Ok(())
    })
    .await;
}
