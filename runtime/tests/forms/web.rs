//! Forms over HTTP: what the extractor reads and refuses.

use crate::models::*;
use nuages::form::FormData;
use nuages::prelude::*;
use nuages::test::{TestResponse, TestSite, on_each_site};

#[derive(Form)]
struct Search {
    #[form(max_length = 5)]
    q: String,
}

#[derive(askama::Template)]
#[template(source = "<form method=\"post\">{{ form }}</form>{{ saved }}", ext = "html")]
struct Edit {
    form: Form<BookForm>,
    saved: String,
}

#[view(get, "/search")]
async fn search(form: Form<Search>) -> String {
    match form.cleaned_data() {
        Some(data) => format!("found {}", data.q),
        None => format!(
            "{} {:?}",
            form.is_bound(),
            form.errors_of("q").iter().map(ToString::to_string).collect::<Vec<_>>()
        ),
    }
}

#[view(get, "/books/new")]
async fn new_book(db: Db) -> Result<Page<Edit>> {
    Ok(Page(Edit { form: Form::blank(&db).await?, saved: String::new() }))
}

#[view(post, "/books/new")]
async fn make_book(db: Db, mut form: Form<BookForm>) -> Result<Page<Edit>> {
    let saved = form.save(&db).await?.map(|book| format!("saved {}", book.title)).unwrap_or_default();
    Ok(Page(Edit { form, saved }))
}

#[view(post, "/echo")]
async fn echo(data: FormData) -> String {
    let file = data.file("f").map(|file| format!("{} {} {:?}", file.name, file.content_type, file.content));
    format!("{:?} {}", data.get("a"), file.unwrap_or_default())
}

/// Runs a test with the site on every database.
async fn each(test: impl AsyncFn(TestSite) -> Result<()>) -> Result<()> {
    on_each_site(
        |project| project.app(App::new("lib", "forms")),
        async |site| {
            tables(&site.db()).await?;
            test(site).await
        },
    )
    .await
}

#[tokio::test]
async fn a_get_form_reads_the_query_and_needs_no_token() -> Result<()> {
    each(async |site| {
        let mut client = site.client();
        assert_eq!(client.get("/search").await?.text(), "false []");
        assert_eq!(client.get("/search?q=a%20b").await?.text(), "found a b");
        assert_eq!(
            client.get("/search?q=abcdef").await?.text(),
            "true [\"Write at most 5 characters (this has 6).\"]"
        );
        assert_eq!(client.get("/search?other").await?.text(), "true [\"Fill in this field.\"]");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_model_form_is_shown_sent_shown_again_and_saved() -> Result<()> {
    each(async |site| {
        let author = NewAuthor { name: "<i>Ada".into() }.create(&site.db()).await?.id.to_string();
        let mut client = site.client();
        let page = client.get("/books/new").await?.text();
        assert!(page.contains("<input type=\"hidden\" name=\"csrf_token\" value=\""), "{page}");
        assert!(page.contains("&#60;i&#62;Ada</option>"), "{page}");
        let fields = [("title", "Dune"), ("author", &*author), ("price", "x"), ("status", "draft")];
        let again = client.post("/books/new", &fields).await?.text();
        assert!(
            again.contains("1 thing needs your attention") && again.contains("value=\"Dune\""),
            "{again}"
        );
        assert!(again.contains("selected>&#60;i&#62;Ada") && again.contains("value=\"x\""), "{again}");
        let fields = [("title", "Dune"), ("author", &*author), ("price", "1"), ("status", "draft")];
        let saved = client.post("/books/new", &fields).await?.text();
        assert!(saved.ends_with("saved Dune"), "{saved}");
        Ok(())
    })
    .await
}

/// The forms' own app has no build script, so its tables are made by hand; here they are not.
#[tokio::test]
async fn models_without_migrations_are_explained() -> Result<()> {
    on_each_site(
        |project| project.app(App::new("lib", "forms")),
        async |site| {
            let answer = site.client().get("/books/new").await?;
            assert_eq!(answer.status(), 500);
            assert!(
                answer.contains("`fn main() { nuages_build::run(); }` into its build.rs"),
                "{}",
                answer.text()
            );
            Ok(())
        },
    )
    .await
}

fn multipart(parts: &[(&str, &str)]) -> String {
    let part = |(head, body): &(&str, &str)| {
        format!("--X\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n")
    };
    parts.iter().map(part).chain(["--X--\r\n".to_owned()]).collect()
}

#[tokio::test]
async fn bodies_of_both_sorts_are_read_and_bad_ones_refused() -> Result<()> {
    each(async |site| {
        let mut client = site.client();
        let token = client.csrf_token()?;
        let field = format!("name=\"{}\"", nuages::http::CSRF_FIELD);
        let kind = "multipart/form-data; boundary=X";
        let file = "name=\"f\"; filename=\"../a.txt\"\r\nContent-Type: text/plain";
        let body = multipart(&[(&field, &token), ("name=\"a\"", "ü"), (file, "hi")]);
        let answer = client.post_body("/echo", kind, body).await?;
        assert_eq!(answer.text(), "Some(\"ü\") a.txt text/plain b\"hi\"");

        let status = |answer: TestResponse| answer.status();
        let mut bare = site.client().without_csrf();
        assert_eq!(status(bare.post_body("/echo", kind, multipart(&[("name=\"a\"", "1")])).await?), 403);
        assert_eq!(status(bare.post_body("/echo", "application/x-www-form-urlencoded", "a=1").await?), 403);
        assert_eq!(status(client.post_body("/echo", kind, "--X\r\nbroken").await?), 400);
        assert_eq!(status(client.post_body("/echo", "multipart/form-data", "x").await?), 400);
        assert_eq!(status(client.post_body("/echo", "text/plain", "a=1").await?), 400);
        assert_eq!(
            status(client.post_body("/echo", kind, multipart(&vec![("name=\"a\"", "1"); 1001])).await?),
            400
        );
        let many = "a=1&".repeat(1001);
        assert_eq!(status(client.post_body("/echo", "application/x-www-form-urlencoded", many).await?), 400);
        let large = format!("a={}", "x".repeat(64 << 20));
        assert_eq!(status(client.post_body("/echo", "application/x-www-form-urlencoded", large).await?), 413);
        Ok(())
    })
    .await
}
