//! Requests that somebody else made up: without the token, from another site, without the permission.

use nuages::prelude::*;
use nuages_tests::models::Book;

use crate::site::{each, fields, logged_in};

#[tokio::test]
async fn without_the_token_of_this_browser_nothing_changes() {
    each(async |site, db| {
        let mut client = logged_in(site, db, &["add_book", "delete_book"]).await?;
        let mut stranger = site.client();
        let foreign = stranger.csrf_token()?;
        let own = client.csrf_token()?;
        let mut bare = client.clone().without_csrf();
        let cut = &own[..own.len() - 1];
        for token in [
            None,
            Some(""),
            Some("x"),
            Some(&*foreign),
            Some(cut),
            Some("\u{fffd}"),
            Some(&"a".repeat(10_000)),
        ] {
            let mut sent = fields(&[]);
            sent.extend(token.map(|token| ("csrf_token", token)));
            for path in ["/books", "/books/1/delete", "/accounts/logout", "/upload"] {
                assert_eq!(bare.post(path, &sent).await?.status(), 403, "{path} {token:?}");
            }
        }
        // The token is no secret of the cookie alone: another session's does not fit this one.
        assert_eq!(
            stranger.post("/books", &fields(&[("csrf_token", &own)])).await?.status(),
            303,
            "to the login page"
        );
        assert_eq!(Book::objects().count(db).await?, 1);
        assert_eq!(client.post("/books", &fields(&[])).await?.status(), 303);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn from_another_site_nothing_changes_even_with_the_token() {
    each(async |site, db| {
        let client = logged_in(site, db, &["add_book", "delete_book"]).await?;
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", "http://testserver.evil.example"),
            ("origin", "http://testserver@evil.example"),
            ("origin", ""),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", "\u{fffd}"),
        ] {
            let mut foreign = client.clone().with_header(name, value);
            for path in ["/books", "/books/1/delete", "/accounts/logout", "/accounts/login"] {
                assert_eq!(foreign.post(path, &fields(&[])).await?.status(), 403, "{path} {name}: {value}");
            }
        }
        let mut own = client.with_header("origin", "http://testserver");
        assert_eq!(own.post("/books", &fields(&[])).await?.status(), 303);
        assert_eq!(Book::objects().count(db).await?, 2);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn without_the_permission_nothing_changes() {
    each(async |site, db| {
        let mut client = logged_in(site, db, &["add_book"]).await?;
        assert_eq!(client.post("/books/1/delete", &[]).await?.status(), 403);
        assert_eq!(client.post("/books/999/delete", &[]).await?.status(), 403, "what is there is not told");
        let mut visitor = site.client();
        for path in ["/books", "/books/1/delete"] {
            let answer = visitor.post(path, &fields(&[])).await?;
            assert!(answer.redirect().is_some_and(|to| to.starts_with("/accounts/login")), "{path}");
        }
        for cookie in ["", "x", "%00", "0000000000000000000000000000000000000000000", &"a".repeat(5_000)] {
            let mut forged = site.client();
            forged.set_cookie("sessionid", cookie);
            let answer = forged.without_csrf().post("/books", &fields(&[])).await?;
            assert!(matches!(answer.status(), 303 | 403), "{cookie}: {}", answer.status());
        }
        assert_eq!(Book::objects().count(db).await?, 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn methods_that_no_view_takes_are_refused() {
    each(async |site, _| {
        let mut client = site.client();
        for method in ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "X"] {
            let request =
                axum::http::Request::builder().method(method).uri("/books").header("host", "testserver");
            let answer = client.send(request.body(axum::body::Body::empty())?).await?;
            assert!(matches!(answer.status(), 400 | 403 | 405), "{method}: {}", answer.status());
        }
        Ok(())
    })
    .await;
}
