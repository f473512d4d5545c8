//! A connection on which one call follows the other.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Failed;

/// A connection, and the last answer that came over it.
pub struct Wire {
    stream: TcpStream,
    answer: Vec<u8>,
    head: usize,
}

impl Wire {
    /// Connects to an address such as `127.0.0.1:8080`.
    pub async fn to(address: &str) -> Result<Wire, Failed> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Wire {
            stream,
            answer: Vec::new(),
            head: 0,
        })
    }

    /// Sends a call and reads its answer; gives the status.
    pub async fn ask(&mut self, call: &[u8]) -> Result<u16, Failed> {
        self.say(call).await?;
        self.hear().await
    }

    /// Sends a call.
    pub async fn say(&mut self, call: &[u8]) -> Result<(), Failed> {
        Ok(self.stream.write_all(call).await?)
    }

    /// Reads an answer, which must have a length where it has a body; gives the status.
    pub async fn hear(&mut self) -> Result<u16, Failed> {
        self.answer.clear();
        let mut looked = 0;
        self.head = loop {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err("the connection was closed".into());
            }
            let found = self.answer[looked..]
                .windows(4)
                .position(|w| w == b"\r\n\r\n");
            if let Some(found) = found {
                break looked + found + 4;
            }
            looked = self.answer.len().saturating_sub(3);
        };
        let head = std::str::from_utf8(&self.answer[..self.head])?;
        let status: u16 = head.get(9..12).ok_or("no status")?.parse()?;
        let length: usize = match status {
            204 | 304 => 0,
            _ => self.field("content-length").unwrap_or("0").parse()?,
        };
        while self.answer.len() < self.head + length {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err("the connection was closed in the middle of an answer".into());
            }
        }
        Ok(status)
    }

    /// A header of the answer.
    pub fn field(&self, name: &str) -> Option<&str> {
        let head = std::str::from_utf8(&self.answer[..self.head]).ok()?;
        head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// The body of the answer.
    pub fn body(&self) -> &[u8] {
        &self.answer[self.head..]
    }

    /// The answer as it came.
    pub fn told(&self) -> String {
        String::from_utf8_lossy(&self.answer).into_owned()
    }
}
