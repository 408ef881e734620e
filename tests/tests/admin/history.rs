//! The history: every kind of column with what it was and what it became, relations and inlines too.

use nuages::prelude::*;
use nuages::value::Duration;
use nuages_admin::LogEntry;
use nuages_tests::forms::edit;
use nuages_tests::models::*;

use crate::options::{Desk, clerk, table};
use crate::stage::{book, each, hidden, logged_in, reviews, superuser, user};

/// Name, what is posted, what it was, what it became.
const CHANGES: [(&str, &str, &str, &str); 15] = [
    ("flag", "on", "No", "Yes"),
    ("small", "-7", "1", "-7"),
    ("middle", "70000", "2", "70000"),
    ("large", "9007199254740993", "3", "9007199254740993"),
    ("single", "1.5", "0.5", "1.5"),
    ("double", "0.1", "0.25", "0.1"),
    ("exact", "3.141593", "1.500000", "3.141593"),
    ("text", "two lines", "one", "two lines"),
    ("short", "s", "long", "s"),
    ("day", "2026-11-20", "1 Mar 1969", "20 Nov 2026"),
    ("time", "14:30", "08:15", "14:30"),
    ("instant", "2026-11-20T14:30", "1 Mar 1969, 12:00", "20 Nov 2026, 14:30"),
    ("length", "1 12:30:00", "00:05:00", "1 12:30:00"),
    (
        "uuid",
        "67e55044-10b1-426f-9247-bb680e5fe0c9",
        "00000000-0000-0000-0000-000000000000",
        "67e55044-10b1-426f-9247-bb680e5fe0c9",
    ),
    ("json", "{\"a\": [1, 2]}", "{\n  \"b\": null\n}", "{\n  \"a\": [\n    1,\n    2\n  ]\n}"),
];

#[tokio::test]
async fn every_kind_of_column_is_told_with_both_values() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let row = NewEverything {
            flag: false,
            small: 1,
            middle: 2,
            large: 3,
            single: 0.5,
            double: 0.25,
            exact: dec!(1.5),
            text: "one".into(),
            short: "long".into(),
            day: "1969-03-01".parse()?,
            time: "08:15:00".parse()?,
            instant: "1969-03-01T12:00:00Z".parse()?,
            length: Duration::minutes(5),
            uuid: Uuid::nil(),
            json: serde_json::json!({ "b": null }),
            bytes: vec![1, 2, 3],
        }
        .create(db)
        .await?;
        let path = format!("/admin/nuages_tests/everything/{}/", row.key);
        let version = hidden(&client.get(&path).await?, "_version");
        let mut fields: Vec<(&str, &str)> =
            CHANGES.iter().map(|(name, posted, ..)| (*name, *posted)).collect();
        fields.extend([("_version", &*version), ("_continue", "1")]);
        let answer = client.post(&path, &fields).await?;
        assert_eq!(answer.status(), 303, "{}", answer.text());
        let entry = LogEntry::objects().get(db).await?;
        for (name, _, was, now) in CHANGES {
            let changes = entry.changes.as_array().map(Vec::as_slice).unwrap_or_default();
            let change = changes.iter().find(|change| change["field"] == name);
            let change = change.unwrap_or_else(|| panic!("{name} is not in {}", entry.changes));
            assert_eq!((change["was"].as_str(), change["now"].as_str()), (Some(was), Some(now)), "{name}");
        }
        let history = client.get(&format!("{path}history")).await?;
        for (name, _, _, now) in &CHANGES[..14] {
            assert!(history.contains(now), "{name}: {now}");
        }
        // The same again changes nothing, and nothing is written down.
        let version = hidden(&client.get(&path).await?, "_version");
        fields.retain(|(name, _)| *name != "_version");
        fields.push(("_version", &version));
        assert_eq!(client.post(&path, &fields).await?.status(), 303);
        assert_eq!(LogEntry::objects().count(db).await?, 1);
        let now = Everything::objects().get(db).await?;
        assert_eq!(
            (now.exact, now.length, now.bytes),
            (dec!(3.141593), Duration::minutes(36 * 60 + 30), vec![1, 2, 3])
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_first_page_tells_superusers_what_others_did() {
    each(async |site, db| {
        user(db, "clerk", true, false, &["nuages_tests.view_tag", "nuages_tests.add_tag"]).await?;
        let mut clerk = logged_in(site, "clerk").await?;
        clerk.post("/admin/nuages_tests/tag/add", &[("name", "brand new"), ("_save", "1")]).await?;
        let home = superuser(site, db).await?.get("/admin/").await?;
        let (own, others) = home
            .text()
            .split_once("Recent work of others")
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        assert!(
            !own.contains("brand new") && others.contains("brand new") && others.contains("clerk"),
            "{}",
            home.text()
        );
        // One's own work is not that of others, and nobody else learns what a superuser did.
        let home = clerk.get("/admin/").await?;
        assert!(home.contains("brand new") && !home.contains("Recent work of others"), "{}", home.text());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn nothing_becomes_something_and_back() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let row = NewNothing {}.create(db).await?;
        let path = format!("/admin/nuages_tests/nothing/{}/", row.id);
        let full = [
            ("flag", "true"),
            ("small", "0"),
            ("exact", "0"),
            ("text", "x"),
            ("json", "null"),
            ("_continue", "1"),
        ];
        assert_eq!(edit(&mut client, &path, &full).await?.status(), 303);
        let now = Nothing::objects().get(db).await?;
        assert_eq!((now.flag, now.small, now.exact), (Some(true), Some(0), Some(dec!(0))));
        assert_eq!(edit(&mut client, &path, &[("flag", "false"), ("_continue", "1")]).await?.status(), 303);
        let now = Nothing::objects().get(db).await?;
        assert_eq!((now.flag, now.small, now.text), (Some(false), None, None));
        let last = LogEntry::objects().order_by(|e| e.id.desc()).first(db).await?.unwrap().changes;
        let flag = last.as_array().unwrap().iter().find(|change| change["field"] == "flag").unwrap().clone();
        assert_eq!((flag["was"].as_str(), flag["now"].as_str()), (Some("Yes"), Some("No")));
        assert_eq!(edit(&mut client, &path, &[("flag", "perhaps"), ("_continue", "1")]).await?.status(), 422);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_change_far_into_a_long_text_is_told_with_both_texts() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let row = NewNothing {}.create(db).await?;
        let path = format!("/admin/nuages_tests/nothing/{}/", row.id);
        let (was, now) = (format!("{}one", "x".repeat(900)), format!("{}other", "x".repeat(900)));
        for text in [&was, &now] {
            let answer = edit(&mut client, &path, &[("text", &**text), ("_continue", "1")]).await?;
            assert_eq!(answer.status(), 303, "{}", answer.text());
        }
        let last = LogEntry::objects().order_by(|e| e.id.desc()).first(db).await?.unwrap().changes;
        let change = &last.as_array().unwrap()[0];
        assert_eq!((change["was"].as_str(), change["now"].as_str()), (Some(&*was), Some(&*now)));
        let page = client.get(&format!("{path}history")).await?;
        assert!(page.contains("xone") && page.contains("xother"), "{}", page.text());
        assert!(!page.contains(&"x".repeat(400)), "the page shows where they differ");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_history_shows_no_more_than_the_form() {
    each(async |site, db| {
        table(db).await?;
        let (mut boss, mut clerk) = (superuser(site, db).await?, clerk(site, db).await?);
        let desk = Desk::objects().filter(|d| d.title.eq("Thin")).get(db).await?;
        let path = format!("/admin/nuages_tests/desk/{}/", desk.id);
        let author = desk.author.key().to_string();
        let fields = [
            ("title", "Thinner"),
            ("author", &*author),
            ("warmth", "20.5"),
            ("office", "under the stairs"),
            ("pages", "120"),
            ("_continue", "1"),
        ];
        let answer = edit(&mut boss, &path, &fields).await?;
        assert_eq!(answer.status(), 303, "{}", answer.text());
        let page = boss.get(&format!("{path}history")).await?;
        assert!(page.contains("Thinner") && page.contains("under the stairs"), "{}", page.text());
        let page = clerk.get(&format!("{path}history")).await?;
        assert!(page.contains("Thinner") && !page.contains("under the stairs"), "{}", page.text());

        // Rows of an inline are seen by those who may see that model.
        let left = book(db, "The Left Hand of Darkness").await?;
        let path = format!("/admin/nuages_tests/book/{}/", left.id);
        let key = reviews(db).await?[0].id.to_string();
        let author = left.author.key().to_string();
        let fields = [
            ("title", "The Left Hand"),
            ("author", &*author),
            ("price", "12.50"),
            ("status", "draft"),
            ("review-book-TOTAL", "1"),
            ("review-book-0-_key", &*key),
            ("review-book-0-stars", "2"),
            ("review-book-0-text", "a secret"),
            ("_continue", "1"),
        ];
        let answer = edit(&mut boss, &path, &fields).await?;
        assert_eq!(answer.status(), 303, "{}", answer.text());
        user(db, "reader", true, false, &["nuages_tests.view_book"]).await?;
        let mut reader = logged_in(site, "reader").await?;
        assert!(boss.get(&format!("{path}history")).await?.contains("a secret"));
        let page = reader.get(&format!("{path}history")).await?;
        assert!(page.contains("The Left Hand") && !page.contains("a secret"), "{}", page.text());
        Ok(())
    })
    .await;
}
