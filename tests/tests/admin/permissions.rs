//! Nobody does what was not permitted, whatever is posted.

use nuages::prelude::*;
use nuages::test::{Client, TestSite};
use nuages::{Db, Result};
use nuages_tests::forms::edit;
use nuages_tests::models::{Author, Book};

use crate::stage::{PASSWORD, author, delete, each, logged_in, superuser, user};

/// Posts everything that would change something; says how many books and authors there are afterwards.
async fn forge(client: &mut Client, author: i64, book: i64) -> Result<Vec<u16>> {
    let (author, book) = (author.to_string(), book.to_string());
    let base = "/admin/nuages_tests/book";
    let fields =
        [("title", "Forged"), ("author", &author), ("price", "1"), ("status", "draft"), ("_save", "1")];
    let mut statuses = Vec::new();
    for path in [format!("{base}/add"), format!("{base}/{book}/")] {
        statuses.push(edit(client, &path, &fields).await?.status());
    }
    statuses.push(client.post(&format!("{base}/{book}/delete"), &[("_confirm", "1")]).await?.status());
    let selected = [("_action", "delete_selected"), ("_selected", book.as_str()), ("_confirm", "1")];
    statuses.push(client.post(&format!("{base}/"), &selected).await?.status());
    Ok(statuses)
}

async fn count(db: &Db) -> Result<(u64, u64, u64)> {
    let books = Book::objects();
    let forged = books.clone().filter(|b| b.title.eq("Forged")).count(db).await?;
    Ok((books.count(db).await?, forged, Author::objects().count(db).await?))
}

async fn matrix(site: &TestSite, db: &Db, verbs: &[&str], expected: [u16; 4], see: u16) -> Result<()> {
    let name = format!("clerk_{}", verbs.join("_"));
    let permissions: Vec<String> = verbs.iter().map(|verb| format!("nuages_tests.{verb}_book")).collect();
    let permissions: Vec<&str> = permissions.iter().map(String::as_str).collect();
    user(db, &name, true, false, &permissions).await?;
    let mut client = logged_in(site, &name).await?;
    let book = Book::objects().filter(|b| b.title.eq("A drawer")).get(db).await?.id;
    let author = author(db, "Nobody").await?.id;
    let before = count(db).await?;
    let statuses = forge(&mut client, author, book).await?;
    assert_eq!(statuses, expected, "{verbs:?}");
    if expected.iter().all(|status| *status == 403) {
        assert_eq!(count(db).await?, before, "{verbs:?} changed something");
    }
    for path in [String::new(), format!("{book}/"), format!("{book}/history")] {
        let status = client.get(&format!("/admin/nuages_tests/book/{path}")).await?.status();
        assert_eq!(status, see, "{verbs:?} sees {path}");
    }
    let home = client.get("/admin/").await?;
    assert_eq!(home.contains("/admin/nuages_tests/book/"), see == 200, "{verbs:?} on the first page");
    assert!(!home.contains("/admin/nuages_tests/author/"), "{verbs:?}: authors were never permitted");
    Ok(())
}

#[tokio::test]
async fn each_verb_permits_itself_and_nothing_else() {
    each(async |site, db| {
        matrix(site, db, &[], [403, 403, 403, 403], 403).await?;
        matrix(site, db, &["view"], [403, 403, 403, 403], 200).await?;
        // The author cannot be looked up without the permission to see authors, but a key that is right is taken.
        matrix(site, db, &["add"], [303, 403, 403, 403], 403).await?;
        matrix(site, db, &["change"], [403, 422, 403, 403], 200).await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn deleting_wants_the_right_for_everything_that_goes() {
    each(async |site, db| {
        user(db, "clerk", true, false, &["nuages_tests.view_author", "nuages_tests.delete_author"]).await?;
        let mut client = logged_in(site, "clerk").await?;
        let calvino = author(db, "Italo Calvino").await?.id;
        let path = format!("/admin/nuages_tests/author/{calvino}/delete");
        let page = client.get(&path).await?;
        assert!(page.contains("which you may not"), "{}", page.text());
        assert_eq!(delete(&mut client, &path).await?.status(), 422);
        assert_eq!(Author::objects().count(db).await?, 3);
        let nobody = author(db, "Nobody").await?.id;
        let path = format!("/admin/nuages_tests/author/{nobody}/delete");
        assert_eq!(delete(&mut client, &path).await?.status(), 303);
        assert_eq!(Author::objects().count(db).await?, 2);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_is_not_staff_gets_no_further_than_the_door() {
    each(async |site, db| {
        user(db, "reader", false, false, &["nuages_tests.change_book"]).await?;
        let mut client = site.client();
        let answer = client.get("/admin/nuages_tests/book/?q=x").await?;
        assert_eq!(answer.redirect(), Some("/admin/login/?next=%2Fadmin%2Fnuages_tests%2Fbook%2F%3Fq%3Dx"));
        for (name, password) in [("reader", PASSWORD), ("reader", "wrong"), ("nobody", PASSWORD), ("", "")] {
            let answer = client.post("/admin/login/", &[("username", name), ("password", password)]).await?;
            assert_eq!(answer.status(), 422, "{name}");
            assert!(answer.contains("do not match an account"), "{name}");
            assert_eq!(client.get("/admin/").await?.status(), 303, "{name}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_login_never_leads_off_the_site() {
    each(async |site, db| {
        user(db, "clerk", true, false, &[]).await?;
        for (next, to) in [
            ("//evil.example", "/admin/"),
            ("https://evil.example", "/admin/"),
            ("/admin/password/", "/admin/password/"),
        ] {
            let fields = [("username", "clerk"), ("password", PASSWORD), ("next", next)];
            assert_eq!(site.client().post("/admin/login/", &fields).await?.redirect(), Some(to), "{next}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_post_without_our_token_changes_nothing() {
    each(async |site, db| {
        let client = superuser(site, db).await?;
        let mut forged = client.clone().without_csrf();
        let author = author(db, "Nobody").await?.id;
        let statuses = forge(&mut forged, author, 1).await?;
        assert_eq!(statuses, [403, 403, 403, 403]);
        let mut foreign = client.with_header("Sec-Fetch-Site", "cross-site");
        assert_eq!(forge(&mut foreign, author, 1).await?, [403, 403, 403, 403]);
        assert_eq!(count(db).await?.1, 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_user_made_here_can_log_in_and_the_password_is_nowhere_to_be_read() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let new = [("username", "stephane"), ("is_active", "on"), ("is_staff", "on"), ("_save", "1")];
        let weak = client.post("/admin/auth/user/add", &[&new[..], &[("password", "123")]].concat()).await?;
        assert_eq!(weak.status(), 422, "{}", weak.text());
        assert!(weak.contains("href=\"#id_password\"") && !weak.contains("value=\"123\""), "{}", weak.text());
        let answer =
            client.post("/admin/auth/user/add", &[&new[..], &[("password", PASSWORD)]].concat()).await?;
        assert_eq!(answer.status(), 303, "{}", answer.text());
        logged_in(site, "stephane").await?;
        let made = nuages::auth::User::objects().filter(|u| u.username.eq("stephane")).get(db).await?;
        for page in ["", "history", "delete"] {
            let page = client.get(&format!("/admin/auth/user/{}/{page}", made.id)).await?;
            assert!(!page.contains("argon2") && !page.contains(PASSWORD), "{}", page.text());
        }
        let kept = client
            .post(&format!("/admin/auth/user/{}/", made.id), &[&new[..], &[("password", "")]].concat())
            .await?;
        assert_eq!(kept.status(), 303, "{}", kept.text());
        logged_in(site, "stephane").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_may_change_users_does_not_become_a_superuser() {
    each(async |site, db| {
        let rights = ["auth.view_user", "auth.change_user", "auth.delete_user", "auth.add_user"];
        user(db, "clerk", true, false, &rights).await?;
        user(db, "boss", true, true, &[]).await?;
        let mut client = logged_in(site, "clerk").await?;
        let of =
            async |name: &str| nuages::auth::User::objects().filter(|u| u.username.eq(name)).get(db).await;
        let (clerk, boss) = (of("clerk").await?, of("boss").await?);
        let fields = [
            ("username", "clerk"),
            ("is_active", "on"),
            ("is_staff", "on"),
            ("is_superuser", "on"),
            ("email", ""),
            ("first_name", "C."),
            ("last_name", ""),
            ("user_permissions", "1"),
            ("_save", "1"),
        ];
        let answer = edit(&mut client, &format!("/admin/auth/user/{}/", clerk.id), &fields).await?;
        assert_eq!(answer.status(), 303, "{}", answer.text());
        let now = of("clerk").await?;
        assert!(!now.is_superuser && now.first_name == "C.");
        assert_eq!(now.user_permissions.objects().count(db).await?, 4);
        let takeover =
            [("username", "boss"), ("password", "another pass phrase"), ("is_active", "on"), ("_save", "1")];
        let answer = edit(&mut client, &format!("/admin/auth/user/{}/", boss.id), &takeover).await?;
        assert_eq!(answer.status(), 403, "{}", answer.text());
        assert_eq!(of("boss").await?.password, boss.password);
        let answer =
            client.post(&format!("/admin/auth/user/{}/delete", boss.id), &[("_confirm", "1")]).await?;
        assert_eq!(answer.status(), 403);
        let selected =
            [("_action", "delete_selected"), ("_selected", &*boss.id.to_string()), ("_confirm", "1")];
        assert_eq!(client.post("/admin/auth/user/", &selected).await?.status(), 403);
        assert!(of("boss").await.is_ok());
        Ok(())
    })
    .await;
}
