//! Load by a generator of our own: calls that must each be different, and answers whose content matters.
//!
//! What can be sent over and over again is sent by `wrk` (see `wrk.rs`).

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::task::LocalSet;

use crate::Failed;
use crate::wire::Wire;

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
    let mut wire = Wire::to(&address).await?;
    while shared.started.elapsed() < shared.longest {
        let number = shared.count.get();
        shared.count.set(number + 1);
        let Some(call) = (shared.next.borrow_mut())(number) else {
            break;
        };
        if wire.ask(&call).await? != shared.expected {
            let call = String::from_utf8_lossy(&call);
            return Err(format!("{call} was answered:\n{}", wire.told()).into());
        }
        let mut done = shared.done.borrow_mut();
        done.answered += 1;
        done.seconds = shared.started.elapsed().as_secs_f64();
        done.locations
            .extend(wire.field("location").map(str::to_owned));
    }
    Ok(())
}
