//! Hostile text stays text, wherever it is shown.

use nuages::prelude::*;
use nuages_tests::models::{Author, Tag};

use crate::stage::{each, superuser};

const HOSTILE: &str = "\"><script>window.bad = 1</script>{{ 7 * 7 }}' OR 1=1 -- %_\\ ä𝄞";

#[tokio::test]
async fn in_every_page_that_shows_it() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let answer =
            client.post("/admin/nuages_tests/author/add", &[("name", HOSTILE), ("_save", "1")]).await?;
        assert_eq!(answer.status(), 303, "{}", answer.text());
        let made = Author::objects().filter(|a| a.name.eq(HOSTILE)).get(db).await?;
        let mut q = String::new();
        for byte in HOSTILE.bytes() {
            q.push_str(&format!("%{byte:02x}"));
        }
        for path in [
            String::new(),
            format!("?q={q}"),
            format!("?sort={q}&f.x={q}&after={q}&d={q}&size={q}&_back={q}"),
            format!("{}/", made.id),
            format!("{}/?_back={q}", made.id),
            format!("{}/history", made.id),
            format!("{}/delete", made.id),
        ] {
            let page = client.get(&format!("/admin/nuages_tests/author/{path}")).await?;
            assert_eq!(page.status(), 200, "{path}");
            assert!(!page.contains("<script>window"), "{path}");
            assert!(!page.contains("{{ 7") || page.contains("&#62;"), "{path}");
        }
        let found = client.get(&format!("/admin/nuages_tests/author/?q={q}")).await?;
        assert!(found.contains("1 author"), "{}", found.text());
        let options = client.get(&format!("/admin/nuages_tests/author/options?q={q}")).await?;
        assert!(options.header("content-type").is_some_and(|kind| kind.starts_with("application/json")));
        assert!(options.contains("window.bad"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn bodies_that_are_no_forms_are_refused_and_nothing_is_lost() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let half_a_part = "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nhalf";
        for (kind, body) in [
            ("application/json", "{\"name\": \"x\"}".to_owned()),
            ("text/plain", "name=x".to_owned()),
            ("multipart/form-data", "--x--".to_owned()),
            ("multipart/form-data; boundary=x", "name=x".to_owned()),
            ("multipart/form-data; boundary=x", half_a_part.to_owned()),
        ] {
            let status = client.post_body("/admin/nuages_tests/tag/add", kind, body).await?.status();
            assert_eq!(status, 400, "{kind}");
        }
        // Forms may bring files, so an empty one is read, and is wrong as an empty form is.
        let empty = ("multipart/form-data; boundary=x", "--x--");
        let answer = client.post_body("/admin/nuages_tests/tag/add", empty.0, empty.1).await?;
        assert_eq!(answer.status(), 422);
        let token = client.csrf_token()?;
        for body in ["%", "name=%zz&&&==", "name=%00", "name=%ff%fe", "name"] {
            let body = format!("{body}&_save=1&csrf_token={token}");
            let status = client
                .post_body("/admin/nuages_tests/tag/add", "application/x-www-form-urlencoded", body)
                .await?
                .status();
            assert!(status == 303 || status == 422, "{status}");
        }
        let long = "x".repeat(200_000);
        let answer = client.post("/admin/nuages_tests/tag/add", &[("name", &long), ("_save", "1")]).await?;
        assert_eq!(answer.status(), 422);
        let tags = Tag::objects().all(db).await?;
        assert!(tags.iter().all(|tag| !tag.name.contains('\0') && tag.name.len() <= 40), "{tags:?}");
        Ok(())
    })
    .await;
}
