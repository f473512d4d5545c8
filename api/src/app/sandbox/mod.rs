//! The sandbox: an exchange in which nothing is real, with robots to ask and to be asked by, a clock that is moved forward, and
//! misbehaviour on purpose.
//!
//! The same use cases as everywhere. What is here is there besides, and answers nothing where [`Cx::sandbox`] is none.

mod asking;
mod cast;
mod clock;
mod mischief;
mod parties;
mod robots;
mod testers;

pub use asking::{Wanted, file};
pub use cast::{ROBOTS, Robot};
pub use clock::{Move, Told, move_clock, tell};
pub use mischief::{Mischief, Trick};
pub use robots::act;
pub use testers::{Pair, make_pair, pair};

use std::sync::Arc;

use tokio::sync::{Mutex, Notify};

use super::{Cx, Error};
use crate::store::sandbox::{self, Nature};

/// The host whose mails come back.
const BOUNCES: &str = "bounces.test";
/// What its mail server says (RFC 3463, 5.1.1).
const NO_SUCH_MAILBOX: &str = "550 5.1.1 no such mailbox; said by the sandbox itself";

/// What makes an exchange a sandbox.
#[derive(Debug)]
pub struct Sandbox {
    /// How it misbehaves.
    pub mischief: Mischief,
    /// Told when the clock was moved, so that robots need not wait for their next look.
    pub wake: Arc<Notify>,
    /// Held by whoever moves the clock: of two moves at once the second begins where the first ended.
    moving: Mutex<()>,
    /// How far the robots came.
    rounds: Mutex<robots::Rounds>,
}

impl Sandbox {
    /// One that misbehaves like this.
    #[must_use]
    pub fn new(mischief: Mischief) -> Self {
        Self {
            mischief,
            wake: Arc::default(),
            moving: Mutex::default(),
            rounds: Mutex::default(),
        }
    }

    /// With what a mail server would refuse this address for good.
    #[must_use]
    pub fn returns(&self, address: &str) -> Option<&'static str> {
        let (_, host) = address.rsplit_once('@')?;
        let host = host.to_ascii_lowercase();
        let below = host
            .strip_suffix(BOUNCES)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        below.then_some(NO_SUCH_MAILBOX)
    }
}

/// The sandbox that this is.
///
/// # Errors
/// [`Error::NotFound`] where it is none.
fn here(cx: &Cx) -> Result<&Sandbox, Error> {
    cx.sandbox.as_deref().ok_or(Error::NotFound)
}

/// Makes the database of this context an exchange's, if it is not yet; whether it is.
///
/// # Errors
/// Those of the store.
pub async fn keep_out(cx: &Cx) -> Result<bool, Error> {
    if cx
        .store
        .read(sandbox::is_real)
        .await
        .map_err(Error::Store)?
    {
        return Ok(true);
    }
    let nature = cx.store.write(sandbox::mark_real).await;
    Ok(nature.map_err(Error::Store)? == Nature::Exchange)
}

/// Makes this context one of a sandbox: marks the database, if it is new, and puts the clock where it was. None where the database is an
/// exchange's.
///
/// # Errors
/// Those of the store.
pub async fn enter(cx: Cx, sandbox: Sandbox) -> Result<Option<Cx>, Error> {
    let ahead = cx
        .store
        .write(|conn| {
            sandbox::mark(conn)?;
            sandbox::ahead(conn)
        })
        .await
        .map_err(Error::Store)?;
    Ok(ahead.map(|ahead| cx.in_sandbox(sandbox, ahead)))
}

/// Brings the robots in, or finds them.
///
/// # Errors
/// Those of the store.
pub async fn bring_in(cx: &Cx) -> Result<(), Error> {
    parties::robots(cx).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mails_come_back_from_one_host_and_what_lies_below_it() {
        let sandbox = Sandbox::new(Mischief {
            seed: 1,
            doubled: 0,
            late: 0,
            reordered: 0,
            cut: 0,
            late_for: std::time::Duration::ZERO,
        });
        for address in ["owner@bounces.test", "owner@x4.Bounces.test"] {
            assert!(sandbox.returns(address).is_some(), "{address}");
        }
        for address in [
            "owner@removes.test",
            "owner@notbounces.test",
            "bounces.test",
        ] {
            assert!(sandbox.returns(address).is_none(), "{address}");
        }
    }
}
