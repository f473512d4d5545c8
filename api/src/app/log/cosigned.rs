//! Checkpoints that as many witnesses signed as the policy asks.

use takedown_core::log::note::Signature;
use takedown_core::log::{Policy, SignedCheckpoint};
use takedown_core::time::{At, from_millis, rfc3339};

use crate::app::{Cx, Error};
use crate::store::log::cosigned::{self, CosignedRow};
use crate::store::{Conn, StoreError, log};

/// How many stored checkpoints are read at a time.
const AT_ONCE: i64 = 500;

/// Takes over what another node, or an earlier start, found to meet the policy. Nodes may have read different policies, so
/// each judges for itself.
pub(super) fn take_over(cx: &Cx, checkpoint: SignedCheckpoint) {
    if cx.log.cosigned().is_some_and(|known| *known == checkpoint) {
        return;
    }
    if cx
        .log
        .policy()
        .is_some_and(|policy| meets(policy, &checkpoint))
    {
        cx.log.adopt_cosigned(checkpoint);
    }
}

/// Judges the newest checkpoint that witnesses signed once more. After a change of the policy what they signed may be enough,
/// and nobody would be asked again before the log grows.
///
/// # Errors
/// Those of the store.
pub async fn judge_again(cx: &Cx) -> Result<(), Error> {
    let Some(policy) = cx.log.policy().cloned() else {
        return Ok(());
    };
    let now = cx.now().timestamp_millis();
    let Some(begun) = cx.store.read(cosigned::begun).await? else {
        return Ok(());
    };
    let checkpoint = parsed(&begun)?;
    if !meets(&policy, &checkpoint) {
        return Ok(());
    }
    if begun.cosigned_at.is_none() {
        let enough = CosignedRow {
            cosigned_at: Some(now),
            ..begun.clone()
        };
        let noted: Result<(), Error> = cx
            .store
            .write(move |conn| Ok(cosigned::cosign(conn, &begun, &enough)?))
            .await;
        match noted {
            // Another node was at it, and judges as well.
            Err(Error::Store(StoreError::Stale)) => return Ok(()),
            other => other?,
        }
    }
    cx.log.adopt_cosigned(checkpoint);
    Ok(())
}

/// Adds the signature of a witness to a stored checkpoint. Gives the checkpoint back when it meets the policy.
pub(super) fn add(
    conn: &mut Conn,
    policy: &Policy,
    (size, now): (i64, i64),
    signature: &Signature,
) -> Result<Option<SignedCheckpoint>, StoreError> {
    // One that was forgotten meanwhile is needed by nobody.
    let Some(was) = cosigned::find(conn, size)? else {
        return Ok(None);
    };
    let mut checkpoint = parsed(&was)?;
    checkpoint.add(signature.clone());
    let enough = meets(policy, &checkpoint);
    let with_it = CosignedRow {
        size,
        note: checkpoint.to_string(),
        witnessed_at: was.witnessed_at.or(Some(now)),
        cosigned_at: was.cosigned_at.or(enough.then_some(now)),
    };
    cosigned::cosign(conn, &was, &with_it)?;
    Ok(enough.then_some(checkpoint))
}

/// What a policy says of the stored checkpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Entries of the newest that meets it.
    pub size: Option<u64>,
    /// The witnesses that signed it; of the newest that one signed, when none meets it.
    pub signed: Vec<String>,
    /// The witnesses that did not.
    pub missing: Vec<String>,
    /// What is missing in words, when none meets it.
    pub unmet: Option<String>,
}

/// What no checkpoint covers that meets a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Without {
    /// So many entries; those that have no place yet are among them.
    pub entries: u64,
    /// When the first of them was written.
    pub since: Option<At>,
}

impl std::fmt::Display for Without {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.entries, self.since) {
            (0, _) => f.write_str("no entry is without them"),
            (entries, Some(since)) => write!(
                f,
                "{entries} entries are not covered by witnesses, the first of {}",
                rfc3339(since)
            ),
            (entries, None) => write!(f, "{entries} entries are not covered by witnesses"),
        }
    }
}

/// What a policy says of the stored checkpoints, and what none covers that meets it.
///
/// # Errors
/// As [`judged`].
pub fn witnessed(conn: &mut Conn, policy: &Policy) -> Result<(Judged, Without), StoreError> {
    let judged = judged(conn, policy)?;
    let covered = i64::try_from(judged.size.unwrap_or_default()).map_err(unreadable)?;
    let (entries, since) = log::written_since(conn, covered)?;
    let since = since
        .map(|at| from_millis(at).map_err(unreadable))
        .transpose()?;
    Ok((judged, Without { entries, since }))
}

/// Looks for the newest stored checkpoint that meets a policy.
///
/// # Errors
/// [`StoreError`] when the database fails or holds no checkpoints.
fn judged(conn: &mut Conn, policy: &Policy) -> Result<Judged, StoreError> {
    let mut first = None;
    let mut below = i64::MAX;
    loop {
        let some = cosigned::witnessed_below(conn, below, AT_ONCE)?;
        let Some(last) = some.last() else { break };
        below = last.size;
        for row in &some {
            let found = look(policy, &parsed(row)?);
            if found.size.is_some() {
                return Ok(found);
            }
            first.get_or_insert(found);
        }
    }
    if let Some(first) = first {
        return Ok(first);
    }
    Ok(match log::newest_checkpoint(conn)? {
        Some(row) => look(
            policy,
            &row.note.parse::<SignedCheckpoint>().map_err(unreadable)?,
        ),
        None => Judged {
            size: None,
            signed: Vec::new(),
            missing: Vec::new(),
            unmet: Some("nothing is signed yet".to_owned()),
        },
    })
}

fn look(policy: &Policy, checkpoint: &SignedCheckpoint) -> Judged {
    let (signed, unmet) = match policy.judge(checkpoint) {
        Ok(judgement) => {
            let signed = judgement.witnesses().iter();
            let signed: Vec<String> = signed.map(|witness| witness.name.to_string()).collect();
            (signed, judgement.unmet().map(ToString::to_string))
        }
        Err(rejected) => (Vec::new(), Some(rejected.to_string())),
    };
    let named = policy.witnesses().map(|(name, _)| name.to_string());
    Judged {
        size: unmet.is_none().then(|| checkpoint.checkpoint().size()),
        missing: named.filter(|name| !signed.contains(name)).collect(),
        signed,
        unmet,
    }
}

fn meets(policy: &Policy, checkpoint: &SignedCheckpoint) -> bool {
    let judgement = policy.judge(checkpoint);
    judgement.is_ok_and(|judgement| judgement.unmet().is_none())
}

pub(super) fn parsed(row: &CosignedRow) -> Result<SignedCheckpoint, StoreError> {
    row.note.parse().map_err(unreadable)
}

pub(super) fn unreadable(error: impl std::fmt::Display) -> StoreError {
    StoreError::Inconsistent(format!("a stored checkpoint: {error}"))
}
