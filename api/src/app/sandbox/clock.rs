//! The clock of a sandbox: it is moved forward and never back, for everybody there.

use chrono::TimeDelta;
use takedown_core::policy::{Action, Actor, Resource, authorize};
use takedown_core::time::{At, rfc3339};

use super::{Mischief, here};
use crate::app::registering::invalid;
use crate::app::{Caller, Cx, Error};
use crate::store::sandbox;

/// How far the clock may be ahead of the real one.
const FARTHEST: TimeDelta = TimeDelta::days(3_650);

/// How the clock is to be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// By a span.
    By(TimeDelta),
    /// To an instant.
    To(At),
}

/// How a sandbox stands.
#[derive(Debug, Clone, Copy)]
pub struct Told {
    /// What time it is there.
    pub now: At,
    /// How far that is ahead of the real time.
    pub ahead: TimeDelta,
    /// How it misbehaves.
    pub mischief: Mischief,
}

/// How this sandbox stands.
///
/// # Errors
/// [`Error::NotFound`] where this is none, and those of the policy.
pub fn tell(cx: &Cx) -> Result<Told, Error> {
    authorize(
        &Actor::anonymous(),
        Action::ReadSandbox,
        &Resource::Exchange,
    )?;
    let mischief = here(cx)?.mischief;
    Ok(Told {
        now: cx.now(),
        ahead: cx.clock.ahead(),
        mischief,
    })
}

/// Moves the clock forward. What became due meanwhile is done a moment later.
///
/// # Errors
/// [`Error::NotFound`] where this is no sandbox, [`Error::Invalid`] for a move back, none, or too far, and those of the policy and the
/// store.
pub async fn move_clock(cx: &Cx, caller: &Caller, wanted: Move) -> Result<Told, Error> {
    authorize(&caller.actor, Action::MoveTestClock, &Resource::Exchange)?;
    let here = here(cx)?;
    let one_at_a_time = here.moving.lock().await;
    // One look at the real clock, or each move would lose what passed between two.
    let real = cx.clock.real();
    let ahead = ahead(wanted, real + cx.clock.ahead(), real)?;
    // Stored before it counts: after a crash the clock must not go back.
    let ahead = cx
        .store
        .write(move |conn| sandbox::keep(conn, ahead))
        .await
        .map_err(Error::Store)?;
    cx.clock.lead(ahead);
    drop(one_at_a_time);
    tracing::info!(now = %rfc3339(cx.now()), "the clock of the sandbox was moved");
    cx.wake.notify_one();
    cx.feeds.news.of_all();
    here.wake.notify_one();
    tell(cx)
}

/// By how many milliseconds the clock is ahead after a move.
fn ahead(wanted: Move, now: At, real: At) -> Result<i64, Error> {
    let (member, to) = match wanted {
        Move::By(span) => ("/advance", now.checked_add_signed(span)),
        Move::To(to) => ("/to", Some(to)),
    };
    let latest = real + FARTHEST;
    let to = to.filter(|to| *to <= latest).ok_or_else(|| {
        let latest = rfc3339(latest);
        invalid(
            member,
            format!(
                "leads too far: the clock can be ten years ahead at the most, that is {latest} now"
            ),
        )
    })?;
    if to <= now {
        let now = rfc3339(now);
        return Err(invalid(
            member,
            format!("the clock goes forward only, and it is {now} here; give something later"),
        ));
    }
    Ok((to - real).num_milliseconds())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use takedown_core::time::from_millis;

    use super::*;

    #[test]
    fn forward_and_not_too_far() {
        let real = from_millis(1_700_000_000_000).unwrap();
        let now = real + TimeDelta::hours(3);
        let hour = TimeDelta::hours(1);
        assert_eq!(
            ahead(Move::By(hour), now, real).unwrap(),
            4 * hour.num_milliseconds()
        );
        assert_eq!(
            ahead(Move::To(now + hour), now, real).unwrap(),
            4 * hour.num_milliseconds()
        );
        for wrong in [
            Move::By(TimeDelta::zero()),
            Move::By(-hour),
            Move::By(TimeDelta::days(4_000)),
            Move::By(TimeDelta::MAX),
            Move::To(now),
            Move::To(real),
            Move::To(real + TimeDelta::days(3_651)),
        ] {
            ahead(wrong, now, real).unwrap_err();
        }
    }
}
