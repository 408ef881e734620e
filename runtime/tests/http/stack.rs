//! The default stack: what stands around every request.

use crate::client::{Answer, browse, get, request, send};
use crate::site::{production, project, settings};
use axum::Router;
use axum::routing::post;
use nuages::prelude::*;
use nuages::{Project, Server};
use std::time::Duration;

async fn server() -> Server {
    project().build().await.unwrap()
}

async fn in_production() -> Server {
    Project::new(production(&[]))
        .app(crate::site::app())
        .with(crate::site::Counter(41))
        .build()
        .await
        .unwrap()
}

async fn post_to(server: &Server, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let headers: Vec<_> = form.iter().chain(headers).copied().collect();
    send(server, request("POST", path, &headers, body)).await
}

#[tokio::test]
async fn every_response_has_the_headers_that_keep_browsers_careful() {
    let server = in_production().await;
    for path in ["/", "/nothing", "/panic", "/broken"] {
        let answer = send(&server, request("GET", path, &[("host", "example.org")], "")).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000", "{path}");
        assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
    }
}

#[tokio::test]
async fn the_nonce_of_the_page_is_that_of_the_policy_and_new_each_time() {
    let server = server().await;
    let (one, two) = (get(&server, "/form").await, get(&server, "/form").await);
    let nonce =
        |answer: &Answer| answer.text.split("nonce=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(
        one.header("content-security-policy").contains(&format!("script-src 'self' 'nonce-{}'", nonce(&one)))
    );
    assert_ne!(nonce(&one), nonce(&two));
    assert!(!get(&server, "/").await.header("content-security-policy").contains("nonce"));
}

#[tokio::test]
async fn only_hosts_of_the_site_are_answered() {
    let server = in_production().await;
    let status =
        async |host: &str| send(&server, request("GET", "/", &[("host", host)], "")).await.status.as_u16();
    for host in ["example.org", "EXAMPLE.org:8000"] {
        assert_eq!(status(host).await, 200, "{host}");
    }
    for host in [
        "evil.example",
        "localhost",
        "",
        "example.org.evil.example",
        "example.org:80:80",
        "example.org@evil.example",
    ] {
        assert_eq!(status(host).await, 400, "{host}");
    }
    let mut none = request("GET", "/", &[], "");
    none.headers_mut().remove("host");
    assert_eq!(send(&server, none).await.status, 400);
    let two = request("GET", "/", &[("host", "example.org"), ("host", "evil.example")], "");
    assert_eq!(send(&server, two).await.status, 400);
    let absolute = request("GET", "http://evil.example/", &[("host", "example.org")], "");
    assert_eq!(send(&server, absolute).await.status, 400);
}

#[tokio::test]
async fn http_is_sent_to_https_where_that_is_wanted() {
    let settings = production(&[("HTTPS_REDIRECT", "true"), ("TRUST_PROXY", "true")]);
    let server =
        Project::new(settings).app(crate::site::app()).with(crate::site::Counter(41)).build().await.unwrap();
    let plain = send(&server, request("GET", "/books/7?a=b", &[("host", "example.org:8000")], "")).await;
    assert_eq!((plain.status.as_u16(), plain.header("location")), (308, "https://example.org/books/7?a=b"));
    let secure = [("host", "example.org"), ("x-forwarded-proto", "https")];
    assert_eq!(send(&server, request("GET", "/books/7", &secure, "")).await.status, 200);
}

#[tokio::test]
async fn a_form_carries_its_token_and_nothing_else_passes() {
    let server = server().await;
    let page = get(&server, "/form").await;
    let cookie = page.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(
        page.header("set-cookie").contains("HttpOnly") && page.header("set-cookie").contains("SameSite=Lax")
    );
    assert_eq!((page.header("cache-control"), page.header("vary")), ("no-store, private", "Cookie"));
    let token = page.text.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let field = format!("title=Dune&csrf_token={token}");
    let own = [("cookie", cookie.as_str())];
    assert_eq!(post_to(&server, "/books", &own, &field).await.text, "created");
    let header = [("cookie", cookie.as_str()), ("x-csrf-token", token.as_str())];
    assert_eq!(post_to(&server, "/books", &header, "").await.status, 200);

    assert_eq!(post_to(&server, "/books", &own, "title=Dune").await.status, 403);
    assert_eq!(post_to(&server, "/books", &[], &field).await.status, 403);
    assert_eq!(post_to(&server, "/books", &own, "csrf_token=").await.status, 403);
    let other = get(&server, "/form").await;
    let foreign = other.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_eq!(post_to(&server, "/books", &[("cookie", &foreign)], &field).await.status, 403);
}

#[tokio::test]
async fn pages_of_other_sites_change_nothing_in_foreign_routers_either() {
    let own = Router::new().route("/plain", post(async || "done"));
    let server = project().merge(own).build().await.unwrap();
    for headers in [
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
        [("origin", "https://evil.example")],
        [("origin", "null")],
    ] {
        assert_eq!(post_to(&server, "/plain", &headers, "").await.status, 403, "{headers:?}");
        assert_eq!(post_to(&server, "/hook", &headers, "x").await.status, 200, "an exempt view takes it");
    }
    assert_eq!(post_to(&server, "/plain", &[("sec-fetch-site", "same-origin")], "").await.status, 200);
    assert_eq!(post_to(&server, "/plain", &[("origin", "http://localhost")], "").await.status, 200);
}

#[tokio::test]
async fn a_trusted_site_may_send_forms() {
    let settings = settings(&[("TRUSTED_ORIGINS", "https://pay.example.org")]);
    let own = Router::new().route("/plain", post(async || "done"));
    let server = Project::new(settings)
        .app(crate::site::app())
        .with(crate::site::Counter(41))
        .merge(own)
        .build()
        .await
        .unwrap();
    let from = |origin| [("sec-fetch-site", "cross-site"), ("origin", origin)];
    assert_eq!(post_to(&server, "/plain", &from("https://pay.example.org"), "").await.status, 200);
    assert_eq!(
        post_to(&server, "/plain", &from("https://pay.example.org.evil.example"), "").await.status,
        403
    );
}

#[tokio::test]
async fn a_panic_is_one_answer_and_the_next_request_is_served() {
    let server = server().await;
    let answer = browse(&server, "/panic").await;
    assert_eq!(answer.status, 500);
    assert!(
        answer.text.contains("the view fell over a secret-detail") && answer.text.contains("site.rs"),
        "{}",
        answer.text
    );
    assert_eq!(get(&server, "/").await.text, "home");
}

#[tokio::test]
async fn production_tells_an_id_and_nothing_else() {
    let server = in_production().await;
    for (path, status) in
        [("/panic", 500), ("/broken", 500), ("/gone", 404), ("/forbidden", 403), ("/nothing", 404)]
    {
        for accept in ["text/html", "application/json", "*/*"] {
            let answer =
                send(&server, request("GET", path, &[("host", "example.org"), ("accept", accept)], "")).await;
            assert_eq!(answer.status, status, "{path}");
            assert!(answer.text.contains(answer.header("x-request-id")), "{path} {accept}: {}", answer.text);
            for inner in ["secret-detail", "site.rs", "shelf", "/books/{id}", "SELECT"] {
                assert!(!answer.text.contains(inner), "{path} {accept} tells `{inner}`: {}", answer.text);
            }
        }
    }
}

/// What a subscriber of this thread writes.
#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_has_the_details_under_the_id_that_the_page_shows() {
    let (server, log) = (in_production().await, Log::default());
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().json().with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let ask = async |path: &str| {
        let headers =
            [("host", "example.org"), ("accept", "text/html"), ("authorization", "Bearer hidden-token")];
        send(&server, request("GET", path, &headers, "")).await
    };
    let broken = ask("/broken").await;
    let forged = ask("/names%0A%7B%22level%22:%22ERROR%22%7D/%1b[31m").await;
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2, "one line each, whatever was asked for: {text}");
    for (line, (answer, level)) in lines.iter().zip([(&broken, "ERROR"), (&forged, "INFO")]) {
        let id = answer.header("x-request-id");
        assert_eq!(
            (line["level"].as_str(), line["fields"]["id"].as_str()),
            (Some(level), Some(id)),
            "{text}"
        );
        assert!(answer.text.contains(id) && !answer.text.contains("secret-detail"), "{}", answer.text);
    }
    assert!(lines[0]["fields"]["error"].as_str().unwrap().contains("secret-detail"), "{text}");
    assert!(!text.contains("hidden-token") && !text.contains('\u{1b}'), "{text}");
}

#[tokio::test]
async fn a_view_that_takes_too_long_is_dropped() {
    let mut settings = settings(&[]);
    settings.limits.request_timeout = Duration::from_millis(50);
    let server =
        Project::new(settings).app(crate::site::app()).with(crate::site::Counter(41)).build().await.unwrap();
    let started = std::time::Instant::now();
    assert_eq!(get(&server, "/slow").await.status, 503);
    assert!(started.elapsed() < Duration::from_millis(300));
}

#[tokio::test]
async fn no_free_connection_is_503_with_a_time_to_try_again() -> Result<()> {
    let (server, file) = crate::site::impatient().await?;
    let (first, second) = tokio::join!(get(&server, "/hold"), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        get(&server, "/hold").await
    });
    assert_eq!((first.status.as_u16(), first.text.as_str()), (200, "held"));
    assert_eq!((second.status.as_u16(), second.header("retry-after")), (503, "1"));
    assert_eq!(get(&server, "/hold").await.status, 200, "the connection came back");
    server.site().database().close().await;
    file.remove().await
}

#[tokio::test]
async fn large_texts_are_compressed_for_those_who_take_it() {
    let server = server().await;
    let plain = get(&server, "/large").await;
    let packed = send(&server, request("GET", "/large", &[("accept-encoding", "gzip")], "")).await;
    assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), ("", "gzip"));
    assert!(packed.bytes.len() * 10 < plain.bytes.len() && packed.bytes.starts_with(&[0x1f, 0x8b]));
    assert!(packed.header("vary").to_lowercase().contains("accept-encoding"));
}

#[tokio::test]
async fn a_long_address_and_large_headers_are_refused() {
    let server = server().await;
    let long = format!("/names/{}", "a".repeat(9000));
    assert_eq!(get(&server, &long).await.status, 414);
    let large = "b".repeat(17_000);
    assert_eq!(send(&server, request("GET", "/", &[("x-large", &large)], "")).await.status, 431);
}

#[tokio::test]
async fn a_redirect_to_another_site_is_a_mistake_of_the_view() {
    let answer = get(&server().await, "/away").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (500, ""));
}

#[tokio::test]
async fn layers_of_the_project_stand_inside_the_stack_and_around_every_route() {
    use axum::middleware::{Next, from_fn};
    let layer = from_fn(async |request: axum::extract::Request, next: Next| {
        let mut response = next.run(request).await;
        response.headers_mut().insert("x-own", "layer".parse().unwrap());
        response
    });
    let server = project().layer(layer).build().await.unwrap();
    for path in ["/", "/form", "/nothing"] {
        let answer = browse(&server, path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
    assert_eq!(get(&server, "/").await.header("x-own"), "layer");
    assert!(get(&server, "/form").await.text.contains("csrf_token"), "the layer sees a whole page");
}
