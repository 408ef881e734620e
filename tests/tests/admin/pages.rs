//! Every page answers, with a strict policy and nothing inline.

use nuages::prelude::New;
use nuages::test::TestResponse;

use crate::stage::{author, book, each, superuser};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

fn is_clean(path: &str, page: &TestResponse) {
    assert_eq!(page.header("content-security-policy"), Some(POLICY), "{path}");
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{path}");
    assert!(page.header("cache-control").is_some_and(|value| value.contains("no-store")), "{path}");
    let text = page.text();
    for inline in
        [" style=\"", "<style", " onclick=", " onload=", "javascript:", "http://", "https://", "//cdn"]
    {
        assert!(!text.contains(inline), "{path} has {inline}");
    }
    let scripts: Vec<&str> = text.match_indices("<script").map(|(at, _)| &text[at..at + 40]).collect();
    assert!(
        scripts.iter().all(|script| script.starts_with("<script src=\"/admin/assets/")),
        "{path}: {scripts:?}"
    );
}

#[tokio::test]
async fn every_page_answers_and_keeps_to_its_policy() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let (book, author) =
            (book(db, "The Left Hand of Darkness").await?.id, author(db, "Nobody").await?.id);
        let paths = [
            "/admin/".to_owned(),
            "/admin/nuages_tests/book/".into(),
            "/admin/nuages_tests/book".into(),
            "/admin/nuages_tests/book/?q=hand&f.status=draft&d=1969&sort=price".into(),
            "/admin/nuages_tests/book/?q=nothing+like+it".into(),
            "/admin/nuages_tests/book/add".into(),
            format!("/admin/nuages_tests/book/{book}/"),
            format!("/admin/nuages_tests/book/{book}/history"),
            format!("/admin/nuages_tests/book/{book}/delete"),
            format!("/admin/nuages_tests/author/{author}/"),
            "/admin/nuages_tests/author/".into(),
            "/admin/nuages_tests/tag/".into(),
            "/admin/nuages_tests/review/".into(),
            "/admin/nuages_tests/everything/".into(),
            "/admin/nuages_tests/everything/add".into(),
            "/admin/nuages_tests/nothing/add".into(),
            "/admin/nuages_tests/publisher/add".into(),
            "/admin/auth/user/".into(),
            "/admin/auth/user/add".into(),
            "/admin/auth/group/add".into(),
            "/admin/password/".into(),
        ];
        for path in &paths {
            let page = client.get(path).await?;
            assert_eq!(page.status(), 200, "{path}: {}", page.text());
            is_clean(path, &page);
        }
        for path in ["/admin/login/", "/admin/login"] {
            let page = site.client().get(path).await?;
            assert_eq!(page.status(), 200, "{path}");
            is_clean(path, &page);
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_is_said_to_be_not_there() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        for path in [
            "/admin/nuages_tests/nonsense/",
            "/admin/nonsense/book/",
            "/admin/nowhere/",
            "/admin/not/an/address/of/ours",
            "/admin/nuages_tests/book/987654/",
            "/admin/nuages_tests/book/not-a-number/",
            "/admin/nuages_tests/book/%00/",
            "/admin/nuages_tests/book/99999999999999999999/",
            "/admin/nuages_tests/book/987654/delete",
            "/admin/nuages_tests/book/987654/history",
            "/admin/nuages_tests/everything/not-a-uuid/",
            "/admin/auth/storedsession/",
            "/admin/admin/logentry/",
            "/admin/assets/admin.css",
        ] {
            assert_eq!(client.get(path).await?.status(), 404, "{path}");
        }
        // It is a page of the admin, for those who may see one.
        let page = client.get("/admin/nowhere/").await?;
        assert!(page.contains("This does not exist"), "{}", page.text());
        assert_eq!(
            site.client().get("/admin/nowhere/").await?.redirect(),
            Some("/admin/login/?next=%2Fadmin%2Fnowhere%2F")
        );
        // Of what was deleted it is said who did it.
        let tag = nuages_tests::models::NewTag { name: "old".into() }.create(db).await?;
        let url = format!("/admin/nuages_tests/tag/{}/", tag.id);
        assert_eq!(crate::stage::delete(&mut client, &format!("{url}delete")).await?.status(), 303);
        let page = client.get(&url).await?;
        assert!(page.status() == 404 && page.contains("Tag “old” was deleted on "), "{}", page.text());
        assert!(page.contains(" by django."), "{}", page.text());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn assets_are_kept_for_ever_and_stay_small() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let page = client.get("/admin/").await?.text();
        let name = page.split("/admin/assets/").nth(2).unwrap().split('"').next().unwrap().to_owned();
        let asset = site.client().get(&format!("/admin/assets/{name}")).await?;
        assert_eq!(asset.status(), 200);
        assert_eq!(asset.header("cache-control"), Some("public, max-age=31536000, immutable"));
        Ok(())
    })
    .await;
}
