//! Which keys an agency has, and what was signed with them.

use std::collections::HashMap;

use takedown_core::history::Digest;
use takedown_core::policy::Action;
use takedown_core::signed::Act;
use takedown_core::time::At;

use super::keys::{Key, KeyEntry, permitted};
use super::statement::{counted, digest_of};
use crate::app::parties::{instant, parsed};
use crate::app::registering::{Page, one_more};
use crate::app::registry::load_agency;
use crate::app::{Caller, Cx, Error};
use crate::store::StoreError;
use crate::store::signed::{self, UseRow};

/// Something that was handed in under an agency's signature.
#[derive(Debug, Clone)]
pub struct Use {
    /// The statement's own name.
    pub jti: String,
    /// Of its bytes.
    pub digest: Digest,
    /// The thumbprint of the key.
    pub kid: String,
    /// Which request it made or changed.
    pub request: String,
    /// What it did.
    pub act: Act,
    /// When it was handed in.
    pub at: At,
    /// The how manieth use of the agency's keys it is; none of what came before they were counted.
    pub number: Option<u32>,
    /// The bytes that stand for the agency where the use is tagged; for the agency alone.
    pub pseudonym: Option<Vec<u8>>,
    /// The entry of the history that says so.
    pub entry: Option<KeyEntry>,
}

/// The keys of an agency, in the order in which they were added, each with the entry that added it.
///
/// # Errors
/// [`Error::NotFound`], and those of the policy and the store.
pub async fn list(cx: &Cx, caller: &Caller, id: &str) -> Result<Vec<Key>, Error> {
    let agency = permitted(caller, Action::ListSigningKeys, id)?.to_string();
    cx.store
        .read(move |conn| {
            load_agency(conn, &agency)?.ok_or(Error::NotFound)?;
            let rows = signed::keys(conn, &agency)?;
            let ids: Vec<String> = rows.iter().map(|row| row.entry_id.clone()).collect();
            let mut entries = signed::entries(conn, &ids)?;
            rows.into_iter()
                .map(|row| {
                    let place = entries.iter().position(|(id, _, _)| *id == row.entry_id);
                    let entry = place.map(|place| entries.swap_remove(place));
                    let entry = entry.map(|(id, data, salt)| KeyEntry { id, data, salt });
                    Ok(Key::of(row, entry)?)
                })
                .collect()
        })
        .await
}

/// What was handed in under the agency's signature, after a `jti`, in the order of these.
///
/// # Errors
/// [`Error::NotFound`], and those of the policy and the store.
pub async fn uses(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    after: Option<String>,
    limit: usize,
) -> Result<Page<Use>, Error> {
    let agency = permitted(caller, Action::ListSigningKeyUses, id)?;
    // Whoever knows it and the history could count how much the unit signs: whoever oversees others reads the rest.
    let is_own = caller.actor.agency() == Some(agency);
    let agency = agency.to_string();
    let rows = cx
        .store
        .read(move |conn| {
            load_agency(conn, &agency)?.ok_or(Error::NotFound)?;
            let after = after.unwrap_or_default();
            let rows = signed::uses(conn, &agency, &after, one_more(limit))?;
            let changes = rows
                .iter()
                .map(|row| (row.request_id.as_str(), row.version));
            let mut entries = signed::entries_of(conn, &changes.collect::<Vec<_>>())?;
            let pseudonym = match is_own {
                true => signed::pseudonym(conn, &agency)?,
                false => None,
            };
            let uses = rows
                .into_iter()
                .map(|row| use_of(row, pseudonym.as_ref(), &mut entries));
            Ok::<_, Error>(uses.collect::<Result<Vec<_>, _>>()?)
        })
        .await?;
    Ok(Page::cut(rows, limit))
}

fn use_of(
    row: UseRow,
    pseudonym: Option<&Vec<u8>>,
    entries: &mut HashMap<(String, i32), signed::KeyEntry>,
) -> Result<Use, StoreError> {
    let entry = entries.remove(&(row.request_id.clone(), row.version));
    Ok(Use {
        digest: digest_of(&row.digest)?,
        act: parsed("act", &row.act)?,
        at: instant(row.at)?,
        number: row.number.map(counted).transpose()?,
        pseudonym: pseudonym.filter(|_| row.number.is_some()).cloned(),
        entry: entry.map(|(id, data, salt)| KeyEntry { id, data, salt }),
        jti: row.jti,
        kid: row.kid,
        request: row.request_id,
    })
}
