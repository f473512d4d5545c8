//! Asking witnesses to sign: what is sent, and what becomes of an answer. Whoever calls this carries it over the network, which
//! nothing in a commit waits for.

use chrono::Duration;
use takedown_core::log::note::VerifierKey;
use takedown_core::log::witness::{
    AddCheckpoint, Answer, Begun, Reply, Trouble, read_answer, target,
};
use takedown_core::log::{Plan, Policy, SignedCheckpoint};
use takedown_core::time::{At, from_millis};

use super::cosigned::{add, parsed, unreadable};
use super::proof::{impossible, read};
use crate::app::{Cx, Error};
use crate::store::log::witnesses::{self, WitnessRow};
use crate::store::log::{self, cosigned};
use crate::store::{Conn, StoreError};

/// So long no other node asks a witness that one is asking: longer than any answer takes.
const CLAIM: Duration = Duration::seconds(15);

/// A request to a witness, which no other node makes at the same time.
#[derive(Debug, Clone)]
pub struct Asking {
    /// The key of the witness.
    pub witness: VerifierKey,
    /// What it is sent.
    pub request: AddCheckpoint,
    claimed_until: i64,
}

/// What there is to ask a witness for, if anything: it is due, no other node is at it, and it has not signed what it should.
///
/// # Errors
/// Those of the store.
pub async fn next(cx: &Cx, witness: &VerifierKey) -> Result<Option<Asking>, Error> {
    if cx.store.stopped().is_some() {
        return Ok(None);
    }
    let (key, now) = (witness.clone(), cx.now());
    let looked = cx.store.read(move |conn| look(conn, &key, now)).await?;
    let Some((row, request)) = looked else {
        return Ok(None);
    };
    let (vkey, until) = (witness.to_string(), (now + CLAIM).timestamp_millis());
    let claimed: Result<bool, Error> = cx
        .store
        .write(move |conn| Ok(witnesses::claim(conn, row.as_ref(), &vkey, until)?))
        .await;
    match claimed {
        Ok(true) => Ok(Some(Asking {
            witness: witness.clone(),
            request,
            claimed_until: until,
        })),
        Ok(false) | Err(Error::Store(StoreError::Exists(_))) => Ok(None),
        Err(error) => Err(error),
    }
}

fn look(
    conn: &mut Conn,
    key: &VerifierKey,
    now: At,
) -> Result<Option<(Option<WitnessRow>, AddCheckpoint)>, StoreError> {
    let row = witnesses::find(conn, &key.to_string())?;
    let millis = now.timestamp_millis();
    let busy = |row: &WitnessRow| row.next_at > millis || row.claimed_until > millis;
    if row.as_ref().is_some_and(busy) {
        return Ok(None);
    }
    let Some(newest) = log::newest_checkpoint(conn)? else {
        return Ok(None);
    };
    let begun = match cosigned::begun(conn)? {
        Some(begun) => Some(Begun {
            size: number(begun.size)?,
            since: from_millis(begun.witnessed_at.unwrap_or_default()).map_err(unreadable)?,
            enough: begun.cosigned_at.is_some(),
        }),
        None => None,
    };
    let size = target(number(newest.size)?, begun.as_ref(), now);
    let Some(stored) = cosigned::find(conn, i64::try_from(size).map_err(unreadable)?)? else {
        return Ok(None);
    };
    let checkpoint = parsed(&stored)?;
    let old = row.as_ref().map_or(Ok(0), |row| number(row.size))?;
    // When its answer was lost it has signed this size, and its signature is not here: then it is asked for the same again.
    if old > size || has_signed(key, &checkpoint) {
        return Ok(None);
    }
    let plan = Plan::consistency(old, size).map_err(impossible)?;
    let request = AddCheckpoint {
        old,
        proof: read(conn, &plan)?,
        checkpoint,
    };
    Ok(Some((row, request)))
}

fn has_signed(key: &VerifierKey, checkpoint: &SignedCheckpoint) -> bool {
    let mut signatures = checkpoint.note().signatures().iter();
    signatures.any(|signature| key.claims(signature))
}

/// What a settled answer came to.
struct Settled {
    before: WitnessRow,
    after: WitnessRow,
    /// The checkpoint, when it meets the policy now.
    cosigned: Option<SignedCheckpoint>,
    /// Somebody has to look at it.
    conflict: bool,
    again: bool,
}

/// Writes down what a witness answered, or why no answer came. `first` is whether this is the first request of a look: once
/// in each it may name another size, and is asked again when this is true.
///
/// # Errors
/// Those of the store.
pub async fn settle(
    cx: &Cx,
    asking: Asking,
    answer: Result<Answer, &'static str>,
    first: bool,
) -> Result<bool, Error> {
    let Some(policy) = cx.log.policy().cloned() else {
        return Ok(false);
    };
    let reply = match answer {
        Ok(answer) => read_answer(&asking.request, &asking.witness, &answer),
        Err(why) => Reply::Trouble(Trouble::Unreachable(why)),
    };
    let now = cx.now();
    let witness = asking.witness.name().to_string();
    let settled: Option<Settled> = cx
        .store
        .write(move |conn| Ok::<_, Error>(written(conn, &policy, &asking, &reply, (first, now))?))
        .await?;
    let Some(settled) = settled else {
        return Ok(false);
    };
    tell(&witness, &settled);
    if let Some(cosigned) = settled.cosigned {
        cx.log.adopt_cosigned(cosigned);
    }
    Ok(settled.again)
}

fn written(
    conn: &mut Conn,
    policy: &Policy,
    asking: &Asking,
    reply: &Reply,
    (first, now): (bool, At),
) -> Result<Option<Settled>, StoreError> {
    let Some(before) = witnesses::find(conn, &asking.witness.to_string())? else {
        return Ok(None);
    };
    let newest = log::newest_checkpoint(conn)?.map_or(0, |newest| newest.size);
    let (here, millis) = (number(newest)?, now.timestamp_millis());
    let mut settled = Settled {
        after: before.clone(),
        before,
        cosigned: None,
        conflict: false,
        again: false,
    };
    let row = &mut settled.after;
    let trouble = match reply {
        Reply::Signed(signature) => {
            row.size =
                i64::try_from(asking.request.checkpoint.checkpoint().size()).map_err(unreadable)?;
            // A signature counts even when the claim had lapsed.
            settled.cosigned = add(conn, policy, (row.size, millis), signature)?;
            row.signed_at = Some(millis);
            None
        }
        Reply::OtherSize(size) if *size > here => Some(Trouble::Ahead {
            signed: *size,
            here,
        }),
        Reply::OtherSize(size) if first => {
            row.size = i64::try_from(*size).map_err(unreadable)?;
            settled.again = true;
            None
        }
        Reply::OtherSize(_) => Some(Trouble::Wavering),
        Reply::Trouble(trouble) => Some(trouble.clone()),
    };
    match trouble {
        Some(trouble) => {
            let code = trouble.code();
            if row.problem.as_deref() != Some(code) {
                row.problem_at = Some(millis);
            }
            row.problem = Some(code.to_owned());
            row.problem_text = Some(trouble.to_string());
            row.failures = row.failures.saturating_add(1);
            let failures = u32::try_from(row.failures).unwrap_or(u32::MAX);
            row.next_at = (now + trouble.pause(failures)).timestamp_millis();
            settled.conflict = trouble.is_conflict();
        }
        // Naming another size ends no trouble: what it answers then does.
        None if settled.again => {}
        None => {
            (row.problem, row.problem_text, row.problem_at) = (None, None, None);
            (row.failures, row.next_at) = (0, 0);
        }
    }
    let own = witnesses::settle(conn, &settled.after, asking.claimed_until)?;
    if !own {
        // Another node asks it now, and says how it stands.
        settled.again = false;
        settled.after = settled.before.clone();
    }
    Ok((own || settled.cosigned.is_some()).then_some(settled))
}

/// Tells the log what changed; not again and again what stays as it is.
fn tell(witness: &str, settled: &Settled) {
    let (before, after) = (&settled.before, &settled.after);
    if before.problem == after.problem {
        return;
    }
    let size = after.size;
    match &after.problem_text {
        None => tracing::info!(witness, size, "the witness signs again"),
        Some(why) if settled.conflict => {
            tracing::error!(witness, size, %why, "a witness contradicts this log")
        }
        Some(why) => tracing::warn!(witness, size, %why, "a witness did not sign"),
    }
}

/// Lets a witness go that was to be asked and was not.
///
/// # Errors
/// Those of the store.
pub async fn release(cx: &Cx, asking: Asking) -> Result<(), Error> {
    cx.store
        .write(move |conn| {
            if let Some(row) = witnesses::find(conn, &asking.witness.to_string())? {
                witnesses::settle(conn, &row, asking.claimed_until)?;
            }
            Ok::<_, Error>(())
        })
        .await
}

fn number(size: i64) -> Result<u64, StoreError> {
    u64::try_from(size).map_err(unreadable)
}
