//! Addresses: ids that are none, numbers that overflow, bytes that are no text, ways out of a folder.

use crate::site::each;

#[tokio::test]
async fn arguments_that_are_none_are_not_found() {
    each(async |site, _| {
        let mut client = site.client();
        for path in [
            "/books/0",
            "/books/2",
            "/books/-1",
            "/books/abc",
            "/books/1.0",
            "/books/+1",
            "/books/%201",
            "/books/1%00",
            "/books/%D9%A1",
            "/books/9223372036854775807",
            "/books/9223372036854775808",
            "/books/99999999999999999999999999",
            "/books/1/..",
            "/books/1%2F..",
            "/books/1;DROP TABLE",
            "/small/32768",
            "/small/-32769",
            "/days/2026-02-30",
            "/days/2026-13-01",
            "/days/+999999-01-01",
            "/named/nobody",
            "/named/' OR 1=1 --",
            "/named/%25",
        ] {
            let path = path.replace(' ', "%20");
            let answer = client.get(&path).await?;
            assert_eq!(answer.status(), 404, "{path}: {}", answer.text());
        }
        assert_eq!(client.get("/small/-32768").await?.text(), "0");
        assert_eq!(client.get("/days/9999-12-31").await?.text(), "0");
        Ok(())
    })
    .await;
}

/// NUL and bytes that are no UTF-8: an answer below 500 everywhere, and the same rows on every database.
#[tokio::test]
async fn bytes_that_are_no_text_are_answered() {
    each(async |site, _| {
        let mut client = site.client();
        for path in ["/named/%00", "/named/a%00b", "/named/%ff", "/named/%c3%28", "/named/%ed%a0%80"] {
            let status = client.get(path).await?.status();
            assert!(matches!(status, 400 | 404 | 422), "{path}: {status}");
        }
        for query in ["q=%00", "q=%ff%fe", "q=%", "q=%zz", "q[]=1", "q=1&q=2", "q", "=", "&&&", "%00=%00"] {
            let answer = client.get(&format!("/books?{query}")).await?;
            assert!(
                matches!(answer.status(), 200 | 400 | 422),
                "{query}: {} {}",
                answer.status(),
                answer.text()
            );
        }
        let found = client.get("/books?q=%25").await?;
        assert!(found.status() == 200 && !found.contains("Dispossessed"), "% stands for itself");
        let long = format!("/books?q={}", "a".repeat(7_000));
        assert_eq!(client.get(&long).await?.status(), 200);
        assert_eq!(client.get(&format!("/books?q={}", "a".repeat(9_000))).await?.status(), 414);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn nothing_but_static_files_is_a_static_file() {
    each(async |site, _| {
        let mut client = site.client();
        assert_eq!(client.get("/static/css/site.css").await?.status(), 200);
        for path in [
            "",
            "css",
            "css/",
            "../main.rs",
            "css/../../main.rs",
            "..%2fmain.rs",
            "%2e%2e/main.rs",
            "%2e%2e%2fmain.rs",
            "%252e%252e%252fmain.rs",
            "..%5cmain.rs",
            "css/site.css%00",
            "css/site.css/",
            "css//site.css",
            "/etc/passwd",
            "%2fetc%2fpasswd",
            "....//main.rs",
            "css/SITE.CSS",
            "%ff",
        ] {
            let answer = client.get(&format!("/static/{path}")).await?;
            assert!(matches!(answer.status(), 400 | 404), "{path}: {}", answer.status());
            // In pieces, because the page of debug runs shows these very lines.
            for inner in [["mod ", "forgery;"].concat(), ["root:", "x:0"].concat()] {
                assert!(!answer.contains(&inner), "{path}");
            }
        }
        assert_eq!(client.post("/static/css/site.css", &[]).await?.status(), 405);
        Ok(())
    })
    .await;
}
