//! A load generator: a bounded number of requests over connections that are kept open.
//!
//! It never sleeps. A generator that does is woken by the server's packets, and the kernel counts the waking as
//! work of the server: the slower of two servers, whose generator sleeps more often, would look slower still.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;

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
    tokio::task::spawn_blocking(move || drive(port, request, from, count, connections)).await?
}

/// Looks at one connection after the other, whether there is anything to do or not.
fn drive(port: u16, request: Request, from: usize, count: usize, connections: usize) -> Result<()> {
    let (mut next, end) = (from as u64, (from + count) as u64);
    let mut open: Vec<Connection> =
        (0..connections).map(|_| Connection::open(port)).collect::<Result<_>>()?;
    for connection in &mut open {
        connection.stream.set_nonblocking(true)?;
    }
    let mut under_way = 0;
    loop {
        let mut moved = false;
        for connection in &mut open {
            if connection.is_waiting && connection.poll()? {
                (connection.is_waiting, moved, under_way) = (false, true, under_way - 1);
            }
            if !connection.is_waiting && next < end {
                connection.begin(&(request.write)(next))?;
                (connection.is_waiting, next, under_way) = (true, next + 1, under_way + 1);
            }
        }
        if under_way == 0 && next == end {
            return Ok(());
        }
        if !moved {
            std::thread::yield_now();
        }
    }
}

/// A connection that is kept open between requests.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    is_waiting: bool,
}

impl Connection {
    pub(crate) fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 * 1024), is_waiting: false })
    }

    /// Sends a request and hands back the body of its answer.
    pub(crate) fn call(&mut self, request: &str) -> Result<&[u8]> {
        self.begin(request)?;
        while !self.poll()? {}
        let (head, length) = self.answer()?.ok_or("an answer that is not whole")?;
        Ok(&self.buffer[head..head + length])
    }

    fn begin(&mut self, request: &str) -> Result<()> {
        self.buffer.clear();
        // Requests are shorter than any buffer of the kernel.
        Ok(self.stream.write_all(request.as_bytes())?)
    }

    /// Reads what is there; whether the answer is whole.
    fn poll(&mut self) -> Result<bool> {
        let mut part = [0; 16 * 1024];
        match self.stream.read(&mut part) {
            Ok(0) => return Err("the server closed the connection".into()),
            Ok(length) => self.buffer.extend_from_slice(&part[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        Ok(self.answer()?.is_some())
    }

    /// Where the body begins and how long it is, once it is there.
    fn answer(&self) -> Result<Option<(usize, usize)>> {
        let Some(at) = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { return Ok(None) };
        let head = std::str::from_utf8(&self.buffer[..at])?;
        if !head.starts_with("HTTP/1.1 2") {
            return Err(String::from_utf8_lossy(&self.buffer).into_owned().into());
        }
        let length: usize = header(head, "content-length").ok_or("an answer without a length")?.parse()?;
        Ok((self.buffer.len() >= at + 4 + length).then_some((at + 4, length)))
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let named = |line: &'a str| {
        let (known, value) = line.split_once(':')?;
        known.eq_ignore_ascii_case(name).then_some(value.trim())
    };
    head.lines().find_map(named)
}
