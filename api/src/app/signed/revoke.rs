//! The end of a key, and of those that it brought in once it was in foreign hands.

use takedown_core::history::Data;
use takedown_core::policy::Action;
use takedown_core::time::At;

use super::keys::{Key, change};
use crate::app::parties::instant;
use crate::app::registering::invalid;
use crate::app::{Caller, Cx, Error};
use crate::store::Conn;
use crate::store::signed::{self, KeyRow};

/// Revokes a key: from now on nothing that is signed with it counts. What was handed in since `compromised_at` is in doubt, and
/// whoever reads it is told. A key that it spoke for since then is revoked with it, compromised since it was added, and so on:
/// whoever has a stolen key has those as well. Repeating it with an earlier instant moves that instant.
///
/// # Errors
/// [`Error::Invalid`] for an instant to come, [`Error::NotFound`], and those of the policy and the store.
pub async fn revoke(
    cx: &Cx,
    caller: &Caller,
    id: (&str, &str),
    compromised_at: Option<At>,
) -> Result<Key, Error> {
    if compromised_at.is_some_and(|at| at > cx.now()) {
        return Err(invalid(
            "/compromised_at",
            "lies in the future; leave it out when the key was never in foreign hands",
        ));
    }
    change(
        cx,
        caller,
        Action::RevokeSigningKey,
        id,
        move |conn, row, now| {
            let given = compromised_at.map(|at| at.timestamp_millis());
            let mut said: Vec<Data> = end(conn, row, given, now)?.into_iter().collect();
            let mut doubted: Vec<(String, i64)> = row
                .compromised_at
                .map(|since| (row.kid.clone(), since))
                .into_iter()
                .collect();
            let mut others = match doubted.as_slice() {
                [] => Vec::new(),
                _ => signed::keys(conn, &row.agency_id)?,
            };
            while let Some((kid, since)) = doubted.pop() {
                let (brought, rest): (Vec<KeyRow>, Vec<KeyRow>) =
                    others.into_iter().partition(|other| {
                        other.cosigned_by.as_deref() == Some(kid.as_str())
                            && other.added_at >= since
                    });
                others = rest;
                for mut key in brought {
                    let added = key.added_at;
                    said.extend(end(conn, &mut key, Some(added), now)?);
                    doubted.push((key.kid, added));
                }
            }
            Ok(said)
        },
    )
    .await
}

/// Ends one key, unless that has been said of it before.
fn end(
    conn: &mut Conn,
    row: &mut KeyRow,
    compromised_at: Option<i64>,
    now: At,
) -> Result<Option<Data>, Error> {
    // Doubt only grows: neither a thief nor a mistake takes it back.
    let earliest = [row.compromised_at, compromised_at].into_iter().flatten();
    let earliest = earliest.min();
    if row.revoked_at.is_some() && row.compromised_at == earliest {
        return Ok(None);
    }
    let revoked_at = row.revoked_at.unwrap_or(now.timestamp_millis());
    (row.revoked_at, row.compromised_at) = (Some(revoked_at), earliest);
    signed::revoke_key(conn, &row.kid, (revoked_at, earliest))?;
    Ok(Some(Data::SigningKeyRevoked {
        kid: row.kid.clone(),
        compromised_at: earliest.map(instant).transpose()?,
    }))
}
