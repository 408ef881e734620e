//! Values of fields: of the wrong type, too large, not there, hostile.

use nuages::prelude::*;
use nuages_tests::models::Book;

use crate::site::{each, fields, logged_in};

const ADD: &[&str] = &["add_book"];

#[tokio::test]
async fn what_does_not_fit_its_field_is_told_and_nothing_is_saved() {
    let (long, digits) = ("x".repeat(201), "9".repeat(10_000));
    let cases = [
        ("title", ""),
        ("title", "   "),
        ("title", &*long),
        ("title", &*digits),
        ("author", ""),
        ("author", "2"),
        ("author", "0"),
        ("author", "-1"),
        ("author", "one"),
        ("author", "1 OR 1=1"),
        ("author", "9223372036854775808"),
        ("author", "1e0"),
        ("price", ""),
        ("price", "five"),
        ("price", "1,5"),
        ("price", "NaN"),
        ("price", "Infinity"),
        ("price", "1e400"),
        ("price", "-0.01"),
        ("price", "0.001"),
        ("price", "1000000"),
        ("price", &*digits),
        ("status", "nonsense"),
        ("status", "Draft'--"),
        ("published", "yesterday"),
        ("published", "2026-02-30"),
        ("published", "99999-01-01"),
        ("published", "2026-01-01T00:00:00Z"),
        ("tags", "2"),
        ("tags", "one"),
        ("tags", "9223372036854775808"),
    ];
    each(async |site, db| {
        let mut client = logged_in(site, db, ADD).await?;
        for (name, text) in cases {
            let shown: String = text.chars().take(40).collect();
            let answer = client.post("/books", &fields(&[(name, text)])).await?;
            assert_eq!(answer.status(), 422, "{name}={shown}: {}", answer.text());
            assert!(answer.contains("1 thing needs your attention"), "{name}={shown}: {}", answer.text());
        }
        let nothing = client.post("/books", &[]).await?;
        assert!(
            nothing.status() == 422 && nothing.contains("things need your attention"),
            "{}",
            nothing.text()
        );
        assert_eq!(Book::objects().count(db).await?, 1);
        let good = client.post("/books", &fields(&[("tags", "1"), ("published", "1976-10-01")])).await?;
        assert_eq!(good.status(), 303, "{}", good.text());
        Ok(())
    })
    .await;
}

/// NUL is a character that PostgreSQL does not store: everywhere the form says so.
#[tokio::test]
async fn characters_that_are_no_text_are_not_saved() {
    each(async |site, db| {
        let mut client = logged_in(site, db, ADD).await?;
        for text in ["\0", "a\0b"] {
            let answer = client.post("/books", &fields(&[("title", text)])).await?;
            assert_eq!(answer.status(), 422, "{text:?}: {}", answer.text());
        }
        assert_eq!(Book::objects().count(db).await?, 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn hostile_text_is_saved_as_it_is_and_shown_as_text() {
    let texts = [
        "<script>window.bad = 1</script>",
        "\"><img src=x onerror=alert(1)>",
        "' OR 1=1; DROP TABLE nuages_tests_book; --",
        "{{ 7 * 7 }}{% include \"/etc/passwd\" %}",
        "%00%s%n ${jndi:ldap://x} \\' \\\" \\0",
        "\u{202e}txet \u{200b}\u{feff}ä𝄞\u{1f40c}",
        "-->]]></title></textarea>",
    ];
    each(async |site, db| {
        let mut client = logged_in(site, db, ADD).await?;
        for (n, text) in texts.into_iter().enumerate() {
            // Sent back in the form first: the price is missing.
            let again = client.post("/books", &fields(&[("title", text), ("price", "")])).await?;
            let saved = client.post("/books", &fields(&[("title", text)])).await?;
            assert_eq!((again.status(), saved.status()), (422, 303), "{text}: {}", saved.text());
            for page in [again, client.get("/books").await?] {
                for raw in ["<script>window", "<img src=x", "</textarea>]", "]]></title>"] {
                    assert!(!page.contains(raw), "{text} is markup in {}", page.text());
                }
            }
            let kept = Book::objects().filter(|b| b.title.eq(text)).get(db).await?;
            assert_eq!((kept.title.as_str(), Book::objects().count(db).await?), (text, 2 + n as u64));
        }
        Ok(())
    })
    .await;
}
