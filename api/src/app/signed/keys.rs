//! Keys with which an agency signs.
//!
//! The first key of an agency, and any that no earlier key speaks for, counts once the operator has confirmed it and it is
//! known for as long as the exchange asks: so whoever has got hold of an agency's client cannot sign at once in its name. A
//! key that an earlier one cosigned for the same domain counts at once.

use std::sync::Arc;

use takedown_core::history::{Author, Data, Digest, EntryDraft, Subject};
use takedown_core::id::AgencyId;
use takedown_core::locator::Host;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::signed::{KeyClaims, Known, Refused, UnitKey, Unverified};
use takedown_core::time::At;

use crate::app::log::append;
use crate::app::once::{Answer, Once, once};
use crate::app::parties::{instant, parsed};
use crate::app::registry::load_agency;
use crate::app::{Caller, Cx, Error};
use crate::store::signed::{self, KeyRow};
use crate::store::{Conn, StoreError};

/// So many keys that are not revoked an agency has at the most: years of yearly rotation.
const MOST: usize = 50;

/// So many of them wait for the operator's confirmation at the most.
const MOST_WAITING: usize = 5;

/// The entry of the history that added a key: what proves since when it is known.
#[derive(Debug, Clone)]
pub struct KeyEntry {
    /// Its name, `evt_…`.
    pub id: String,
    /// Its bytes.
    pub data: String,
    /// Its salt; `None` once it is erased.
    pub salt: Option<Vec<u8>>,
}

/// A key of an agency.
#[derive(Debug, Clone)]
pub struct Key {
    /// The key and how it stands.
    pub known: Known,
    /// When it was added.
    pub added_at: At,
    /// The thumbprint of the earlier key that spoke for it.
    pub cosigned_by: Option<String>,
    /// The statement by which it proved itself, and that of the earlier key, byte for byte.
    pub proof: Vec<u8>,
    /// See `proof`.
    pub cosignature: Option<Vec<u8>>,
    /// Since when it may have been in foreign hands.
    pub compromised_at: Option<At>,
    /// The entry that added it.
    pub entry: Option<KeyEntry>,
}

impl Key {
    pub(super) fn of(row: KeyRow, entry: Option<KeyEntry>) -> Result<Self, StoreError> {
        Ok(Self {
            known: known_of(&row)?,
            added_at: instant(row.added_at)?,
            cosigned_by: row.cosigned_by,
            proof: row.proof,
            cosignature: row.cosignature,
            compromised_at: row.compromised_at.map(instant).transpose()?,
            entry,
        })
    }
}

/// A key as it is handed in: statements, byte for byte.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// By the key itself.
    pub proof: Arc<[u8]>,
    /// The same by an earlier key of the agency.
    pub cosignature: Option<Arc<[u8]>>,
}

/// The key of this thumbprint, in the caller's transaction.
pub(in crate::app) fn known(conn: &mut Conn, kid: &str) -> Result<Option<Known>, StoreError> {
    signed::key(conn, kid)?.as_ref().map(known_of).transpose()
}

/// Whether what is signed with the key of a row counts at this instant.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the row is none of a key.
pub(in crate::app) fn counts_now(row: &KeyRow, now: At) -> Result<bool, StoreError> {
    Ok(known_of(row)?.counts(now).is_ok())
}

/// A key's row, parsed.
pub(in crate::app) fn known_of(row: &KeyRow) -> Result<Known, StoreError> {
    let inconsistent = |why: &dyn std::fmt::Display| StoreError::Inconsistent(why.to_string());
    Ok(Known {
        key: UnitKey::from_bytes(&row.public_key).map_err(|why| inconsistent(&why))?,
        unit: parsed("agency id", &row.agency_id)?,
        domain: Host::parse(&row.domain).map_err(|why| inconsistent(&why))?,
        counts_from: row.counts_from.map(instant).transpose()?,
        revoked_at: row.revoked_at.map(instant).transpose()?,
    })
}

/// How a key is answered.
pub type Render = fn(&Key, &str) -> Answer;

/// Whether the caller may register a key for this agency; asked before anything of the call is read.
///
/// # Errors
/// [`Error::NotFound`] for a foreign agency, and those of the policy.
pub fn permitted(caller: &Caller, action: Action, id: &str) -> Result<AgencyId, Error> {
    authorize(&caller.actor, action, &Resource::Exchange)?;
    let id = id.parse().map_err(|_| Error::NotFound)?;
    authorize(&caller.actor, action, &Resource::Agency(id))?;
    Ok(id)
}

/// Registers a key with which the agency signs. Sending the same key again changes nothing.
///
/// # Errors
/// [`Error::Signature`] for a key that cannot be used, or that neither proves itself nor is spoken for by the key it says;
/// [`Error::Conflict`] when it was registered before; those of the policy, [`Error::KeyMismatch`], and those of the store.
pub async fn add(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    key: Option<Once>,
    new: NewKey,
    render: Render,
) -> Result<Answer, Error> {
    let agency = permitted(caller, Action::AddSigningKey, id)?;
    let now = cx.now();
    let (claims, earlier) =
        KeyClaims::proven(&new.proof, new.cosignature.as_deref(), now.timestamp())?;
    if claims.unit != agency {
        return Err(Refused::Unit.into());
    }
    let by = caller.clone();
    cx.store
        .write(move |conn| {
            once(conn, &by.client.to_string(), key.as_ref(), now, |conn| {
                let added = insert(conn, &by, &claims, earlier.as_ref(), &new, now)?;
                Ok(render(&added, &agency.to_string()))
            })
        })
        .await
}

fn insert(
    conn: &mut Conn,
    by: &Caller,
    claims: &KeyClaims,
    earlier: Option<&Unverified>,
    new: &NewKey,
    now: At,
) -> Result<Key, Error> {
    let agency = claims.unit.to_string();
    load_agency(conn, &agency)?.ok_or(Error::NotFound)?;
    signed::hold(conn, &agency)?;
    let kid = claims.key.thumbprint();
    if let Some(row) = signed::key(conn, &kid)? {
        let same = row.agency_id == agency && row.domain == claims.domain.as_str();
        if same && row.revoked_at.is_none() {
            return Ok(Key::of(row, None)?);
        }
        // Of somebody else's key nothing is told but that it is one.
        return Err(Error::Conflict(
            "This key was registered before; a key is used by one unit, for one domain, and never again once it is revoked. Make a new one."
                .into(),
        ));
    }
    let (mut kept, mut waiting) = (0, 0);
    for row in signed::keys(conn, &agency)? {
        if row.revoked_at.is_none() {
            kept += 1;
            waiting += usize::from(row.counts_from.is_none());
        }
    }
    if kept >= MOST {
        return Err(Error::Conflict(format!(
            "This agency has {MOST} keys that are not revoked, as many as one can have. Revoke those that are not used any more."
        )));
    }
    if earlier.is_none() && waiting >= MOST_WAITING {
        return Err(Error::Conflict(format!(
            "{MOST_WAITING} keys of this agency wait for the operator's confirmation, as many as may. Revoke those that are not yours, or have an earlier key sign for this one."
        )));
    }
    if let Some(earlier) = earlier {
        let known = known(conn, earlier.kid())?;
        let known = known.filter(|known| known.unit == claims.unit);
        let known = known.ok_or(Refused::UnknownKey)?;
        earlier.verify(&known.key)?;
        // A key speaks for its own domain; for another one the operator hears of it.
        if claims.domain != known.domain {
            return Err(Refused::Domain.into());
        }
        known.counts(now)?;
    }
    let counts_from = earlier.map(|_| now);
    let cosigned_by = earlier.map(|earlier| earlier.kid().to_owned());
    let data = Data::SigningKeyAdded {
        kid: kid.clone(),
        domain: claims.domain.as_str().to_owned(),
        counts_from,
        cosigned_by: cosigned_by.clone(),
        proof: Digest::of(&new.proof),
    };
    let row = KeyRow {
        kid,
        agency_id: agency,
        public_key: claims.key.public().as_bytes().to_vec(),
        domain: claims.domain.as_str().to_owned(),
        added_at: now.timestamp_millis(),
        counts_from: counts_from.map(|at| at.timestamp_millis()),
        cosigned_by,
        proof: new.proof.to_vec(),
        cosignature: new.cosignature.as_deref().map(<[u8]>::to_vec),
        // Whoever checks the key is given this entry as it was sealed, and the login of the agency is not his business.
        entry_id: entry(
            conn,
            Author {
                client: None,
                ..by.author()
            },
            claims.unit,
            data,
            now,
        )?,
        revoked_at: None,
        compromised_at: None,
    };
    signed::add_key(conn, &row)?;
    Ok(Key::of(row, None)?)
}

fn entry(
    conn: &mut Conn,
    by: Author,
    agency: AgencyId,
    data: Data,
    now: At,
) -> Result<String, Error> {
    let draft = EntryDraft {
        subject: Subject::Agency { id: agency },
        by,
        at: now,
        data,
    };
    append(conn, &draft)
}

/// Confirms a key: the operator has satisfied himself that it is the agency's, by another way than the exchange. It counts once it has
/// been known for as long as the exchange asks. Repeating it changes nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`] for a key that was revoked, and those of the policy and the store.
pub async fn confirm(cx: &Cx, caller: &Caller, id: &str, kid: &str) -> Result<Key, Error> {
    let age = cx.settings.signing_key_age;
    change(
        cx,
        caller,
        Action::ConfirmSigningKey,
        (id, kid),
        move |conn, row, now| {
            if row.revoked_at.is_some() {
                return Err(Error::Conflict(
                    "This key was revoked; have the agency register a new one.".into(),
                ));
            }
            if row.counts_from.is_some() {
                return Ok(Vec::new());
            }
            // Never before now: what was handed in meanwhile was refused, and stays so.
            let counts_from = (instant(row.added_at)? + age).max(now);
            row.counts_from = Some(counts_from.timestamp_millis());
            signed::confirm_key(conn, &row.kid, counts_from.timestamp_millis())?;
            let kid = row.kid.clone();
            Ok(vec![Data::SigningKeyConfirmed { kid, counts_from }])
        },
    )
    .await
}

/// Changes a key, and what follows from it, and records each; nothing is written when `work` has nothing to record.
pub(super) async fn change<W>(
    cx: &Cx,
    caller: &Caller,
    action: Action,
    (id, kid): (&str, &str),
    work: W,
) -> Result<Key, Error>
where
    W: Fn(&mut Conn, &mut KeyRow, At) -> Result<Vec<Data>, Error> + Send + 'static,
{
    let agency = permitted(caller, action, id)?;
    let (by, kid, now) = (caller.clone(), kid.to_owned(), cx.now());
    cx.store
        .write(move |conn| {
            signed::hold(conn, &agency.to_string())?;
            // What is no thumbprint names nothing, and never reaches the database.
            let sound = kid.len() == 43 && kid.bytes().all(|byte| byte.is_ascii_graphic());
            let row = if sound {
                signed::key(conn, &kid)?
            } else {
                None
            };
            let row = row.filter(|row| row.agency_id == agency.to_string());
            let mut row = row.ok_or(Error::NotFound)?;
            for data in work(conn, &mut row, now)? {
                entry(conn, by.author(), agency, data, now)?;
            }
            Ok(Key::of(row, None)?)
        })
        .await
}
