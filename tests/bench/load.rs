//! Load by a generator of our own: calls that must each be different, and answers whose content matters.
//!
//! What can be sent over and over again is sent by `wrk` (see `wrk.rs`).

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use crate::Failed;

/// What came of it.
#[derive(Debug, Default)]
pub struct Done {
    /// How many calls were answered as they should be.
    pub answered: u64,
    /// From the first call to the last answer.
    pub seconds: f64,
    /// Where the answers said the thing is (`Location`), in the order of the answers.
    pub locations: Vec<String>,
}

impl Done {
    /// Calls a second.
    pub fn rate(&self) -> f64 {
        #[allow(clippy::cast_precision_loss)]
        let answered = self.answered as f64;
        answered / self.seconds.max(f64::EPSILON)
    }
}

/// Puts a call together.
pub fn call(method: &str, path: &str, token: &str, body: &str, header: &str) -> Vec<u8> {
    let content = if body.is_empty() {
        String::new()
    } else {
        format!(
            "content-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        )
    };
    format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n{header}{content}\r\n{body}"
    )
    .into_bytes()
}

/// Makes calls over so many connections, one after the other on each, until `next` gives none or time is up. Every
/// answer must have the status `expected`.
pub fn run(
    address: &str,
    connections: usize,
    longest: Duration,
    expected: u16,
    next: impl FnMut(u64) -> Option<Vec<u8>> + 'static,
) -> Result<Done, Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let address = address.trim_start_matches("http://").to_owned();
    let shared = Rc::new(Shared {
        next: RefCell::new(Box::new(next)),
        count: Cell::new(0),
        done: RefCell::default(),
        started: Instant::now(),
        longest,
        expected,
    });
    let local = LocalSet::new();
    let all = async {
        let tasks: Vec<_> = (0..connections)
            .map(|_| tokio::task::spawn_local(connection(address.clone(), Rc::clone(&shared))))
            .collect();
        for task in tasks {
            task.await??;
        }
        Ok::<_, Failed>(())
    };
    local.block_on(&runtime, all)?;
    drop(local);
    let mut done = shared.done.take();
    if done.answered == 0 {
        return Err("no call was made".into());
    }
    done.seconds = done.seconds.max(f64::EPSILON);
    Ok(done)
}

/// Makes the call of a number; none when there are no more.
type Next = Box<dyn FnMut(u64) -> Option<Vec<u8>>>;

struct Shared {
    next: RefCell<Next>,
    count: Cell<u64>,
    done: RefCell<Done>,
    started: Instant,
    longest: Duration,
    expected: u16,
}

async fn connection(address: String, shared: Rc<Shared>) -> Result<(), Failed> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut answer = Vec::with_capacity(64 * 1024);
    while shared.started.elapsed() < shared.longest {
        let number = shared.count.get();
        shared.count.set(number + 1);
        let Some(call) = (shared.next.borrow_mut())(number) else {
            break;
        };
        stream.write_all(&call).await?;
        let (status, location) = read_answer(&mut stream, &mut answer).await?;
        if status != shared.expected {
            return Err(format!(
                "{} was answered:\n{}",
                String::from_utf8_lossy(&call),
                String::from_utf8_lossy(&answer)
            )
            .into());
        }
        let mut done = shared.done.borrow_mut();
        done.answered += 1;
        done.seconds = shared.started.elapsed().as_secs_f64();
        done.locations.extend(location);
    }
    Ok(())
}

/// One answer, which must have a length.
async fn read_answer(
    stream: &mut TcpStream,
    answer: &mut Vec<u8>,
) -> Result<(u16, Option<String>), Failed> {
    answer.clear();
    let mut looked = 0;
    let head = loop {
        if stream.read_buf(answer).await? == 0 {
            return Err("the connection was closed".into());
        }
        let found = answer[looked..].windows(4).position(|w| w == b"\r\n\r\n");
        if let Some(found) = found {
            break looked + found + 4;
        }
        looked = answer.len().saturating_sub(3);
    };
    let text = std::str::from_utf8(&answer[..head])?;
    let status = text.get(9..12).ok_or("no status")?.parse()?;
    let field = |name: &str| {
        text.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    };
    let length: usize = field("content-length").unwrap_or("0").parse()?;
    let location = field("location").map(str::to_owned);
    while answer.len() < head + length {
        if stream.read_buf(answer).await? == 0 {
            return Err("the connection was closed in the middle of an answer".into());
        }
    }
    Ok((status, location))
}
