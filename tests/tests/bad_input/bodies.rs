//! Bodies: malformed in every content type, too large, too many fields, fields twice.

use nuages::prelude::*;
use nuages::test::TestResponse;
use nuages_tests::models::Book;

use crate::site::{each, fields, logged_in};

const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data; boundary=X";

fn part(head: &str, body: &str) -> String {
    format!("--X\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n")
}

fn told(answer: &TestResponse, status: u16, case: &str) {
    let start: String = case.chars().take(60).collect();
    assert_eq!(answer.status(), status, "{start}: {}", answer.text());
    assert!(!answer.text().is_empty(), "{start} is answered without a word");
}

#[tokio::test]
async fn bodies_that_are_no_forms_are_refused() {
    each(async |site, db| {
        let mut client = logged_in(site, db, &["add_book"]).await?;
        let many = "a=1&".repeat(1001);
        let parts = part("name=\"a\"", "1").repeat(1001) + "--X--\r\n";
        let cases: &[(&str, &str)] = &[
            ("text/plain", "title=x"),
            ("application/json", "{\"title\": \"x\"}"),
            ("", "title=x"),
            ("nonsense", "title=x"),
            ("multipart/form-data", "--X--"),
            (PARTS, ""),
            (PARTS, "no boundary at all"),
            (PARTS, "--X\r\nbroken"),
            (PARTS, "--X\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nnever ends"),
            (PARTS, &parts),
        ];
        for (kind, body) in cases {
            told(&client.post_body("/books", kind, body.to_string()).await?, 400, &format!("{kind} {body}"));
        }
        let token = client.csrf_token()?;
        told(&client.post_body("/books", FORM, format!("csrf_token={token}&{many}")).await?, 400, &many);
        assert_eq!(Book::objects().count(db).await?, 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_a_browser_never_sends_is_read_as_far_as_it_makes_sense() {
    each(async |site, db| {
        let mut client = logged_in(site, db, &["add_book"]).await?;
        let token = client.csrf_token()?;
        let rest = format!("author=1&price=5&status=draft&csrf_token={token}");
        // As in Django: the last of two counts, and bytes that are no UTF-8 are replaced.
        for (title, kept) in [
            ("title=First&title=Last", Some("Last")),
            ("title=%ff%fe", Some("\u{fffd}\u{fffd}")),
            ("title=%zz", Some("%zz")),
            ("&&=&title=A%26B&==", Some("A&B")),
            ("title", None),
            ("TITLE=x", None),
            ("title[]=x", None),
        ] {
            let answer = client.post_body("/books", FORM, format!("{title}&{rest}")).await?;
            told_or_kept(&answer, kept, title);
            if let Some(kept) = kept {
                assert_eq!(Book::objects().filter(|b| b.title.eq(kept)).count(db).await?, 1, "{title}");
            }
        }
        // Fields that the form does not have change nothing.
        let more = fields(&[("title", "More"), ("id", "1"), ("created", "2000-01-01"), ("__class__", "x")]);
        assert_eq!(client.post("/books", &more).await?.status(), 303);
        let more = Book::objects().filter(|b| b.title.eq("More")).get(db).await?;
        assert!(more.id != 1 && more.created > "2020-01-01T00:00:00Z".parse::<DateTime>().unwrap());
        Ok(())
    })
    .await;
}

fn told_or_kept(answer: &TestResponse, kept: Option<&str>, case: &str) {
    let wanted = if kept.is_some() { 303 } else { 422 };
    assert_eq!(answer.status(), wanted, "{case}: {}", answer.text());
}

#[tokio::test]
async fn files_are_what_they_are_and_their_names_lead_nowhere() {
    each(async |site, _| {
        let mut client = site.client();
        for (head, body, wanted) in [
            ("name=\"file\"; filename=\"../../etc/passwd\"", "abc", "passwd of 3 bytes"),
            ("name=\"file\"; filename=\"C:\\\\boot.ini\"", "abc", "boot.ini of 3 bytes"),
            ("name=\"file\"", "abc", "text \"abc\""),
            ("name=\"other\"; filename=\"x\"", "abc", "text \"\""),
        ] {
            let body = part(head, body) + "--X--\r\n";
            assert_eq!(client.post_body("/upload", PARTS, body).await?.text(), wanted, "{head}");
        }
        for head in ["filename=\"x\"", "name=\"file\"; filename=\"\0\"", "name=\"\""] {
            let answer = client.post_body("/upload", PARTS, part(head, "abc") + "--X--\r\n").await?;
            assert!(answer.status() < 500, "{head:?}: {}", answer.text());
        }
        let not_text = [part("name=\"file\"", "").as_bytes(), b"\xff\xfe\r\n--X--\r\n"].concat();
        assert!(client.post_body("/upload", PARTS, not_text).await?.status() < 500);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn json_that_is_none_is_refused_with_the_reason() {
    each(async |site, _| {
        let mut client = site.client();
        let deep = format!("{{\"other\": {}", "[".repeat(100_000));
        for (kind, body, status) in [
            ("application/json", "{", 400),
            ("application/json", "", 400),
            ("application/json", "{\"title\": \"x\", \"copies\": 1,}", 400),
            ("application/json", &*deep, 400),
            ("application/json", "{\"title\": \"x\", \"copies\": 256}", 422),
            ("application/json", "{\"title\": \"x\", \"copies\": -1}", 422),
            ("application/json", "{\"title\": \"x\", \"copies\": 1e400}", 400),
            ("application/json", "{\"title\": 7, \"copies\": 1}", 422),
            ("application/json", "{\"copies\": 1}", 422),
            ("application/json", "null", 422),
            ("text/plain", "{\"title\": \"x\", \"copies\": 1}", 415),
            ("", "{}", 415),
        ] {
            told(&client.post_body("/orders", kind, body.to_owned()).await?, status, body);
        }
        let not_text = [b"{\"title\": \"".as_slice(), &[0xff, 0xfe], b"\", \"copies\": 1}"].concat();
        told(&client.post_body("/orders", "application/json", not_text).await?, 400, "bytes");
        let good =
            client.post_body("/orders", "application/json", "{\"title\": \"x\", \"copies\": 2}").await?;
        assert_eq!(good.text(), "2 × x");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn bodies_that_are_too_large_are_refused_whatever_they_are() {
    each(async |site, db| {
        let mut client = logged_in(site, db, &["add_book"]).await?;
        let large = "x".repeat(3 << 20);
        for (path, kind, body) in [
            ("/books", FORM, format!("title={large}")),
            ("/books", PARTS, part("name=\"title\"", &large) + "--X--\r\n"),
            ("/upload", PARTS, part("name=\"file\"; filename=\"f\"", &large) + "--X--\r\n"),
            ("/orders", "application/json", format!("{{\"title\": \"{large}\", \"copies\": 1}}")),
            ("/accounts/login", FORM, format!("username=a&password={large}")),
        ] {
            told(&client.post_body(path, kind, body).await?, 413, &format!("{path} {kind}"));
        }
        Ok(())
    })
    .await;
}
