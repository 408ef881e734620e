//! What never becomes a request: over a real connection, through the server's own accept loop.

use std::time::{Duration, Instant};

use nuages::{App, Project, Server, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::site::{heard, listen};

/// A server on a port of its own, with little patience. No view of it needs a database.
async fn start() -> std::net::SocketAddr {
    listen();
    let pairs = [("ENV", "debug"), ("DATABASE_URL", "sqlite::memory:")];
    let mut settings = Settings::from_pairs(pairs).unwrap();
    settings.limits.header_timeout = Duration::from_millis(300);
    settings.limits.body_timeout = Duration::from_millis(300);
    let project = Project::new(settings).app(nuages_tests::app()).app(App::new("bad_input", "bad_input"));
    let server: Server = project.build().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { server.serve(listener, std::future::pending()).await });
    address
}

/// What the server answers to these bytes until it closes the connection or is silent for a second.
async fn answer(address: std::net::SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may close before it has read everything.
    let _ = stream.write_all(bytes).await;
    read(&mut stream).await
}

async fn read(stream: &mut TcpStream) -> String {
    let (mut all, mut part) = (Vec::new(), [0; 4096]);
    while let Ok(Ok(length @ 1..)) =
        tokio::time::timeout(Duration::from_secs(1), stream.read(&mut part)).await
    {
        all.extend_from_slice(&part[..length]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or(answer)
}

async fn still_answers(address: std::net::SocketAddr) {
    let good =
        answer(address, b"GET /static/none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
    assert_eq!(status(&good), "404", "{good}");
    assert_eq!(heard(), "");
}

#[tokio::test]
async fn what_is_no_http_is_refused() {
    let address = start().await;
    let head = "GET /days/2026-01-01 HTTP/1.1\r\n";
    let many: String = (0..150).map(|n| format!("X-{n}: a\r\n")).collect();
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(), "400"),
        (b"\0\0\0\0\r\n\r\n".to_vec(), "400"),
        (b"GET\r\n\r\n".to_vec(), "400"),
        (b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n".to_vec(), "400"),
        (b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(), "400"),
        (b"GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(), "400"),
        (format!("{head}\r\n").into_bytes(), "400"),
        (format!("{head}Host:\r\n\r\n").into_bytes(), "400"),
        (format!("{head}Host: evil.example\r\n\r\n").into_bytes(), "400"),
        (format!("{head}Host: localhost\r\nHost: evil.example\r\n\r\n").into_bytes(), "400"),
        (format!("{head}Host: localhost\r\nX-A: a\0b\r\n\r\n").into_bytes(), "400"),
        (format!("{head}Host: localhost\r\nno colon\r\n\r\n").into_bytes(), "400"),
        (format!("{head}Host: localhost\r\n{many}\r\n").into_bytes(), "431"),
        (format!("{head}Host: localhost\r\nX-Large: {}\r\n\r\n", "a".repeat(20_000)).into_bytes(), "431"),
        (format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(9_000)).into_bytes(), "414"),
        // Two lengths, or a length that is none: nothing that a proxy might read in another way.
        (
            b"POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"
                .to_vec(),
            "400",
        ),
        (b"POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n".to_vec(), "400"),
        (
            b"POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n"
                .to_vec(),
            "400",
        ),
        (b"POST /orders HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: nonsense\r\n\r\n".to_vec(), "400"),
    ];
    for (bytes, wanted) in cases {
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(90)]).into_owned();
        let answer = answer(address, &bytes).await;
        assert_eq!(status(&answer), wanted, "{shown}: {answer}");
    }
    still_answers(address).await;
}

#[tokio::test]
async fn clients_that_dawdle_are_cut_off() {
    let address = start().await;
    let started = Instant::now();
    let mut head = TcpStream::connect(address).await.unwrap();
    head.write_all(b"GET / HTTP/1.1\r\nHost: local").await.unwrap();
    let mut body = TcpStream::connect(address).await.unwrap();
    let post = "POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    body.write_all(post.as_bytes()).await.unwrap();
    let (head, body) = tokio::join!(read(&mut head), read(&mut body));
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    assert!(head.is_empty() || status(&head) == "408", "{head}");
    assert_eq!(status(&body), "408", "{body}");
    still_answers(address).await;
}

#[tokio::test]
async fn clients_that_hang_up_in_the_middle_leave_nothing_behind() {
    let address = start().await;
    for bytes in [
        &b"GET / HTTP/1.1\r\n"[..],
        b"POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
        b"POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        drop(stream);
    }
    still_answers(address).await;
}
