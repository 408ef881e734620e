//! A load generator: a bounded number of requests over connections that are kept open.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Result;

/// One request, whose path may depend on its number.
#[derive(Clone, Copy)]
pub(crate) struct Request {
    /// What the tables call it.
    pub(crate) name: &'static str,
    /// The request's bytes.
    pub(crate) write: fn(u64) -> String,
}

/// Sends requests `from .. from + count` over some connections; every answer must be a success.
pub(crate) async fn send(
    port: u16,
    request: Request,
    from: usize,
    count: usize,
    connections: usize,
) -> Result<()> {
    let next = Arc::new(AtomicUsize::new(from));
    let tasks: Vec<_> = (0..connections)
        .map(|_| tokio::spawn(client(port, request, Arc::clone(&next), from + count)))
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(())
}

async fn client(port: u16, request: Request, next: Arc<AtomicUsize>, end: usize) -> Result<()> {
    let mut connection = Connection::open(port).await?;
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= end {
            return Ok(());
        }
        connection.call(&(request.write)(number as u64)).await?;
    }
}

/// A connection that is kept open between requests.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a request and hands back the body of its answer.
    pub(crate) async fn call(&mut self, request: &str) -> Result<&[u8]> {
        self.stream.write_all(request.as_bytes()).await?;
        self.buffer.clear();
        let head = self.read_head().await?;
        let text = std::str::from_utf8(&self.buffer[..head])?.to_ascii_lowercase();
        if !text.starts_with("http/1.1 2") {
            self.read_some().await.ok();
            return Err(format!("{request}: {}", String::from_utf8_lossy(&self.buffer)).into());
        }
        let length: usize = header(&text, "content-length").ok_or("an answer without a length")?.parse()?;
        while self.buffer.len() < head + length {
            self.read_some().await?;
        }
        Ok(&self.buffer[head..head + length])
    }

    async fn read_head(&mut self) -> Result<usize> {
        loop {
            if let Some(at) = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                return Ok(at + 4);
            }
            self.read_some().await?;
        }
    }

    async fn read_some(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Err("the server closed the connection".into());
        }
        Ok(())
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
}
