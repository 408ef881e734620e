//! The accept loop, over real connections.

use crate::client::{Running, read};
use crate::site::{FormPage, app, settings};
use nuages::{Page, Project, Settings};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;

async fn start(change: impl FnOnce(&mut Settings)) -> Running {
    let mut settings = settings(&[]);
    change(&mut settings);
    Running::start(Project::new(settings).app(app()).with(crate::site::Counter(41)).build().await.unwrap())
        .await
}

fn status(response: &str) -> &str {
    response.split(' ').nth(1).unwrap_or(response)
}

#[tokio::test]
async fn a_plain_request_is_answered_and_the_connection_kept() {
    let server = start(|_| {}).await;
    let two = b"GET /books/1 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /books/2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let response = server.raw(two).await;
    assert!(response.contains("book 1") && response.contains("book 2"), "{response}");
}

/// Routers of axum write down the length of a body before the page in it is rendered.
#[tokio::test]
async fn a_page_of_a_plain_handler_arrives_whole() {
    let own = axum::Router::new().route("/own", axum::routing::get(async || Page(FormPage { title: "own" })));
    let project = Project::new(settings(&[])).app(app()).with(crate::site::Counter(41)).merge(own);
    let server = Running::start(project.build().await.unwrap()).await;
    for path in ["/own", "/form", "/nothing"] {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
        );
        let response = server.raw(request.as_bytes()).await;
        assert!(response.trim_end().ends_with("</html>"), "{path}: {response}");
    }
}

#[tokio::test]
async fn a_client_that_never_finishes_its_headers_is_cut_off() {
    let server = start(|settings| settings.limits.header_timeout = Duration::from_millis(200)).await;
    for bytes in [&b""[..], b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b"] {
        let (started, mut stream) = (Instant::now(), server.connect().await);
        stream.write_all(bytes).await.unwrap();
        read(&mut stream, Duration::from_secs(5)).await;
        let took = started.elapsed();
        assert!(took > Duration::from_millis(150) && took < Duration::from_secs(2), "{took:?} for {bytes:?}");
    }
}

#[tokio::test]
async fn headers_that_trickle_in_do_not_move_the_deadline() {
    let server = start(|settings| settings.limits.header_timeout = Duration::from_millis(300)).await;
    let (started, mut stream) = (Instant::now(), server.connect().await);
    let trickle =
        b"GET / HTTP/1.1\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    for byte in trickle {
        if stream.write_all(&[*byte]).await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    read(&mut stream, Duration::from_secs(2)).await;
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_body_that_trickles_in_is_answered_408() {
    let server = start(|settings| settings.limits.body_timeout = Duration::from_millis(200)).await;
    let mut stream = server.connect().await;
    stream
        .write_all(b"POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
        .await
        .unwrap();
    let (mut reader, mut writer) = stream.into_split();
    let trickle = tokio::spawn(async move {
        while writer.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let mut part = [0; 64];
    let answered =
        tokio::time::timeout(Duration::from_secs(3), tokio::io::AsyncReadExt::read(&mut reader, &mut part));
    let length = answered.await.unwrap().unwrap();
    assert_eq!(status(&String::from_utf8_lossy(&part[..length])), "408");
    trickle.abort();
}

#[tokio::test]
async fn bodies_are_counted_while_they_are_read() {
    let server = start(|settings| settings.limits.body = 100).await;
    let fits = format!(
        "POST /upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 100\r\n\r\n{}",
        "a".repeat(100)
    );
    let response = server.raw(fits.as_bytes()).await;
    assert!(status(&response) == "200" && response.ends_with("100"), "{response}");
    let announced = b"POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 101\r\n\r\n";
    assert_eq!(status(&server.raw(announced).await), "413");
    // No length is announced: only counting finds out.
    let chunk = format!("40\r\n{}\r\n", "a".repeat(64));
    let chunked = format!(
        "POST /upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}{chunk}0\r\n\r\n"
    );
    assert_eq!(status(&server.raw(chunked.as_bytes()).await), "413");
}

#[tokio::test]
async fn what_is_no_request_is_refused() {
    let server = start(|_| {}).await;
    for (bytes, want) in [
        (b"NONSENSE\r\n\r\n".to_vec(), "400"),
        (b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n".to_vec(), "400"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n".to_vec(), "400"),
        (b"GET / HTTP/1.1\r\n\r\n".to_vec(), "400"),
        (many_headers(), "431"),
        (
            format!("GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: {}\r\n\r\n", "a".repeat(60_000))
                .into_bytes(),
            "431",
        ),
        (format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(9_000)).into_bytes(), "414"),
    ] {
        let response = server.raw(&bytes).await;
        assert_eq!(status(&response), want, "{}", String::from_utf8_lossy(&bytes[..bytes.len().min(60)]));
    }
    assert_eq!(
        status(&server.raw(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await),
        "200"
    );
}

fn many_headers() -> Vec<u8> {
    let mut request = "GET / HTTP/1.1\r\nHost: localhost\r\n".to_owned();
    for n in 0..150 {
        request.push_str(&format!("X-{n}: a\r\n"));
    }
    (request + "\r\n").into_bytes()
}

#[tokio::test]
async fn a_panic_closes_nothing_but_its_request() {
    let server = start(|_| {}).await;
    let two = b"GET /panic HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let response = server.raw(two).await;
    assert!(status(&response) == "500" && response.ends_with("home"), "{response}");
}

#[tokio::test]
async fn connections_beyond_the_cap_wait_for_a_place() {
    let server = start(|settings| settings.limits.connections = 1).await;
    let idle = server.connect().await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut waiting = server.connect().await;
    waiting.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    assert_eq!(read(&mut waiting, Duration::from_millis(200)).await, "");
    drop(idle);
    assert!(read(&mut waiting, Duration::from_secs(2)).await.ends_with("home"));
}

#[tokio::test]
async fn open_requests_finish_and_new_ones_are_refused_at_the_end() {
    let server = start(|_| {}).await;
    let address = server.address;
    let mut open = server.connect().await;
    open.write_all(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let idle = server.connect().await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let took = server.stop().await;
    assert!(took < Duration::from_secs(2), "an idle connection holds nothing up: {took:?}");
    assert!(read(&mut open, Duration::from_secs(1)).await.ends_with("slow"));
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
    drop(idle);
}

#[tokio::test]
async fn the_end_does_not_wait_for_ever() {
    let server = start(|settings| settings.limits.drain_timeout = Duration::from_millis(100)).await;
    let mut open = server.connect().await;
    open.write_all(b"POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(server.stop().await < Duration::from_millis(600));
}
