//! Pages, the developer's page, and the project's own pages for errors.

use crate::client::{browse, get, request, send};
use crate::site::{FormPage, production, project};
use askama::Template;
use axum::http::StatusCode;
use futures_util::future::BoxFuture;
use nuages::Plugin;
use nuages::Project;
use nuages::page::{PageMessage, PageUser};
use nuages::prelude::*;
use nuages::site::RequestHook;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[tokio::test]
async fn a_page_is_escaped_and_typed() -> Result<()> {
    let answer = get(&project().build().await?, "/form").await;
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(
        answer.text.contains("&#60;b&#62;Books") || answer.text.contains("&lt;b&gt;Books"),
        "{}",
        answer.text
    );
    assert!(answer.text.contains("<input type=\"hidden\" name=\"csrf_token\""), "{}", answer.text);
    Ok(())
}

#[test]
fn outside_a_request_the_functions_say_so() {
    let error = FormPage { title: "x" }.render().unwrap_err().to_string();
    assert!(error.contains("`nuages::page::csrf` was called outside a request"), "{error}");
    assert!(nuages::page::user().unwrap_err().to_string().contains("`nuages::page::user`"));
}

/// Knows one user and one message, and counts how often it is asked.
#[derive(Default)]
struct Known {
    loads: AtomicUsize,
    saves: AtomicUsize,
}

impl RequestHook for Known {
    fn load<'a>(&'a self, context: &'a RequestContext) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            self.loads.fetch_add(1, Ordering::Relaxed);
            context.set_page_user(PageUser::known("7", "Ada"));
            context.set_page_messages(vec![PageMessage { level: "success", text: "saved".to_owned() }]);
            Ok(())
        })
    }

    fn save<'a>(&'a self, context: &'a RequestContext) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            assert!(context.messages_were_read());
            self.saves.fetch_add(1, Ordering::Relaxed);
            context.set_cookie("seen", "yes", None);
            Ok(())
        })
    }
}

struct Auth(Arc<Known>);

impl Plugin for Auth {
    fn name(&self) -> &'static str {
        "known"
    }

    fn hooks(&self) -> Vec<Arc<dyn RequestHook>> {
        vec![self.0.clone()]
    }
}

#[tokio::test]
async fn the_user_and_the_messages_are_read_only_for_pages_that_show_them() -> Result<()> {
    let known = Arc::new(Known::default());
    let server = project().plug(Auth(known.clone())).build().await?;
    let counts = || (known.loads.load(Ordering::Relaxed), known.saves.load(Ordering::Relaxed));
    for path in ["/", "/form", "/books/7"] {
        get(&server, path).await;
    }
    assert_eq!(counts(), (0, 0));
    let answer = get(&server, "/me").await;
    assert_eq!(answer.text, "Ada [success: saved]");
    assert_eq!(counts(), (1, 1));
    assert!(answer.header("set-cookie").starts_with("seen=yes"), "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store, private");
    Ok(())
}

#[tokio::test]
async fn without_authentication_everybody_is_a_visitor() -> Result<()> {
    assert_eq!(get(&project().build().await?, "/me").await.text, "visitor");
    Ok(())
}

#[tokio::test]
async fn the_developers_page_leads_with_the_fix_and_shows_the_sql() -> Result<()> {
    let server = project().build().await?;
    // Put together here, because the page shows these very lines.
    let secret = ["very", "private"].join("-");
    let (cookie, bearer) = (format!("sessionid={secret}"), format!("Bearer {secret}"));
    let headers = [("accept", "text/html"), ("cookie", cookie.as_str()), ("authorization", &bearer)];
    let path = format!("/sql?password={secret}&q=dune");
    let answer = send(&server, request("GET", &path, &headers, "")).await;
    assert_eq!(answer.status, 500);
    let text = &answer.text;
    let (fix, sql) = (text.find("Likely fix").unwrap(), text.find("SELECT 41 + 1").unwrap());
    assert!(fix < sql && text.contains("cargo run -- migrate"), "{text}");
    assert!(text.contains("missing_table") && text.contains("q=dune"), "{text}");
    assert!(!text.contains(&secret), "{text}");
    assert!(text.contains("Copy as Markdown") && !text.contains("</script>"), "{text}");
    Ok(())
}

#[tokio::test]
async fn the_developers_page_shows_the_lines_of_the_project() -> Result<()> {
    let text = browse(&project().build().await?, "/broken").await.text;
    assert!(text.contains("class=\"hit\""), "{text}");
    let frames: Vec<_> = text.lines().filter(|line| line.starts_with("<h2>")).collect();
    let own = |line: &&str| line.contains("/site.rs:");
    assert!(frames.iter().any(own) && !frames.iter().any(|line| line.contains("src/error.rs")), "{frames:?}");
    assert!(
        text.contains("Error::other(&quot;secret-detail&quot;)")
            || text.contains("Error::other(&#34;secret-detail&#34;)"),
        "{text}"
    );
    Ok(())
}

#[tokio::test]
async fn who_wants_text_gets_markdown() -> Result<()> {
    let text = get(&project().build().await?, "/sql").await.text;
    assert!(text.starts_with("# 500 Internal Server Error\n\n**Likely fix:**"), "{text}");
    Ok(())
}

#[tokio::test]
async fn a_missing_static_file_is_named() -> Result<()> {
    let text = get(&project().build().await?, "/no-file").await.text;
    assert!(text.contains("there is no static file `missing.css`"), "{text}");
    Ok(())
}

#[tokio::test]
async fn static_files_are_in_the_binary_under_the_hash_of_their_content() -> Result<()> {
    let server = project().build().await?;
    let url = get(&server, "/styled").await.text;
    assert!(url.starts_with("/static/css/site.") && url.ends_with(".css"), "{url}");
    let file = get(&server, &url).await;
    assert_eq!((file.status.as_u16(), file.text.as_str()), (200, "body { color: black; }\n"));
    assert_eq!(file.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
    let again = send(&server, request("GET", &url, &[("if-none-match", file.header("etag"))], "")).await;
    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
    for path in ["/static/.hidden", "/static/../site.rs", "/static/%2e%2e/site.rs", "/static/", "/static/css"]
    {
        assert_eq!(get(&server, path).await.status, 404, "{path}");
    }
    Ok(())
}

#[derive(Template)]
#[template(source = "Lost at {{ path }}, {{ nuages::page::nonce()? }}", ext = "html")]
struct Lost {
    path: String,
}

#[tokio::test]
async fn the_project_has_its_own_pages_for_errors() -> Result<()> {
    let project = Project::new(production(&[])).app(crate::site::app()).with(crate::site::Counter(41));
    let server = project
        .error_page(StatusCode::NOT_FOUND, |problem| Page(Lost { path: problem.path.clone() }))
        .build()
        .await?;
    let answer = send(&server, request("GET", "/nothing", &[("host", "example.org")], "")).await;
    assert_eq!(answer.status, 404);
    assert!(answer.text.starts_with("Lost at /nothing, "), "{}", answer.text);
    Ok(())
}
