//! Requests without a network, and raw bytes over one.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use nuages::Server;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A response, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Sends a request without a network.
pub async fn send(server: &Server, request: Request<Body>) -> Answer {
    let (parts, body) = server.answer(request).await.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status: parts.status, headers: parts.headers, bytes, text }
}

/// A request for the host of debug runs.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", "localhost");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

pub async fn get(server: &Server, path: &str) -> Answer {
    send(server, request("GET", path, &[], "")).await
}

/// As a browser asks for a page.
pub async fn browse(server: &Server, path: &str) -> Answer {
    send(server, request("GET", path, &[("accept", "text/html,*/*")], "")).await
}

/// A server on a port of its own.
pub struct Running {
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<nuages::Result<()>>,
}

impl Running {
    pub async fn start(server: Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let stop = async { stopped.await.unwrap_or(()) };
            server.serve(listener, stop).await
        });
        Self { address, stop, task }
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes and reads until the server closes the connection or has been silent for a while.
    pub async fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        // The server may close before it has read everything.
        let _ = stream.write_all(bytes).await;
        read(&mut stream, Duration::from_millis(700)).await
    }

    /// Tells it to stop, and waits until it has; says how long that took.
    pub async fn stop(self) -> Duration {
        let started = std::time::Instant::now();
        self.stop.send(()).unwrap();
        self.task.await.unwrap().unwrap();
        started.elapsed()
    }
}

/// What the server sends until it closes the connection or is silent for so long.
pub async fn read(stream: &mut TcpStream, patience: Duration) -> String {
    let (mut all, mut part) = (Vec::new(), [0; 4096]);
    while let Ok(Ok(length @ 1..)) = tokio::time::timeout(patience, stream.read(&mut part)).await {
        all.extend_from_slice(&part[..length]);
    }
    String::from_utf8_lossy(&all).into_owned()
}
