//! A statement that is handed in: whether it counts, and what is kept of it.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use takedown_core::history::Digest;
use takedown_core::locator::Host;
use takedown_core::signed::{Act, Claims, Refused, Signature, Typ, Unverified, tag};
use takedown_core::time::At;

use super::known;
use crate::app::log::draw_salt;
use crate::app::parties::Platform;
use crate::app::requests::RequestView;
use crate::app::requests::filing::NewFiling;
use crate::app::{Cx, Error};
use crate::store::signed::{self, StatementRow};
use crate::store::{Conn, StoreError};

/// What a unit signed, as it came. Nothing in it may be believed before [`check`].
#[derive(Clone)]
pub struct Statement {
    bytes: Arc<[u8]>,
    unverified: Unverified,
    claims: Claims,
}

impl Statement {
    /// Reads a statement about a request, and gives the body of the call that it stands for.
    ///
    /// # Errors
    /// [`Refused`] for everything that is not exactly of the form, or says another act.
    pub fn read(bytes: &[u8], act: Act) -> Result<(Self, Vec<u8>), Refused> {
        let unverified = Unverified::parse(bytes, Typ::Request)?;
        let (claims, body) = Claims::read(unverified.payload())?;
        if claims.act != act {
            return Err(Refused::Act(claims.act.as_str()));
        }
        let body = serde_json::Value::Object(body).to_string().into_bytes();
        let statement = Self {
            bytes: bytes.into(),
            unverified,
            claims,
        };
        Ok((statement, body))
    }

    /// What it says beside the body.
    #[must_use]
    pub const fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The statement itself.
    #[must_use]
    pub const fn unverified(&self) -> &Unverified {
        &self.unverified
    }

    /// What the history keeps of it, with the tag of this use of the unit's keys.
    fn signature(&self, tag: Digest) -> Signature {
        Signature {
            kid: self.unverified.kid().to_owned(),
            statement: self.unverified.digest(),
            tag: Some(tag),
        }
    }
}

impl fmt::Debug for Statement {
    /// Without what it says, which ends in no log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.unverified.fmt(f)
    }
}

/// How a request stands with the unit's signature; kept as JSON beside the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The thumbprint of the key that signed the filing.
    pub kid: String,
    /// Under which domain the unit publishes it.
    pub domain: String,
    /// To which host it was addressed.
    pub audience: String,
    /// What was signed of it, in the order in which it was handed in.
    pub statements: Vec<Stated>,
    /// How often it was corrected or taken back without a signature of the unit.
    pub unsigned_changes: i32,
    /// Since when a key may have been in foreign hands, if that was before something of this was handed in with it. Looked up,
    /// not kept.
    #[serde(skip)]
    pub doubted_since: Option<At>,
}

/// One of the statements of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// Of its bytes.
    pub digest: Digest,
    /// What it did.
    pub act: String,
    /// The version of the request that it made.
    pub version: i32,
}

impl Signed {
    /// Of a request that is filed with this statement.
    #[must_use]
    pub fn filed(statement: &Statement) -> Self {
        Self {
            kid: statement.unverified.kid().to_owned(),
            domain: statement.claims.domain.as_str().to_owned(),
            audience: statement.claims.audience.as_str().to_owned(),
            statements: vec![stated(statement, 1)],
            unsigned_changes: 0,
            doubted_since: None,
        }
    }

    /// What the unit signed last of it.
    #[must_use]
    pub fn newest(&self) -> Option<Digest> {
        self.statements.last().map(|stated| stated.digest)
    }

    /// The column.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written as JSON.
    pub fn stored(&self) -> Result<String, StoreError> {
        Ok(serde_json::to_string(self)?)
    }
}

fn stated(statement: &Statement, version: i32) -> Stated {
    Stated {
        digest: statement.unverified.digest(),
        act: statement.claims.act.as_str().to_owned(),
        version,
    }
}

/// A digest as it was stored.
pub(super) fn digest_of(bytes: &[u8]) -> Result<Digest, StoreError> {
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    text.parse()
        .map_err(|_| StoreError::Inconsistent("a stored digest is none".into()))
}

/// What is handed on byte for byte must hold nothing that the platform may not see.
///
/// # Errors
/// [`Refused::Escrowed`] names the first member.
pub fn publishable(new: &NewFiling) -> Result<(), Refused> {
    let filing = &new.filing;
    let named = filing
        .officer
        .as_ref()
        .is_some_and(|officer| officer.name.is_some());
    for (there, member) in [
        (named, "officer.name"),
        (filing.attribution.is_some(), "attribution"),
        (new.operation.is_some(), "operation"),
        (!new.sightings.is_empty(), "sightings"),
    ] {
        if there {
            return Err(Refused::Escrowed(member));
        }
    }
    Ok(())
}

/// Whether the statement is addressed to this platform, by a host of it.
///
/// # Errors
/// [`Refused::Audience`], and those of the store.
pub async fn addressed(cx: &Cx, audience: &Host, platform: &Platform) -> Result<(), Error> {
    let found = cx
        .registry
        .platforms_of(std::slice::from_ref(audience))
        .await?;
    let own = found
        .into_iter()
        .flatten()
        .any(|id| id == platform.id.to_string());
    own.then_some(()).ok_or_else(|| Refused::Audience.into())
}

/// Whether a key of the agency signed it that counts now, in the caller's transaction.
///
/// # Errors
/// [`Error::Signature`] names what is wrong, and those of the store.
pub fn check(conn: &mut Conn, statement: &Statement, agency: &str, now: At) -> Result<(), Error> {
    let claims = &statement.claims;
    claims.timely(now.timestamp())?;
    let key = known(conn, statement.unverified.kid())?;
    // Nobody learns of another unit's key that it is known.
    let key = key.filter(|key| key.unit.to_string() == agency);
    let key = key.ok_or(Refused::UnknownKey)?;
    key.signed(&statement.unverified, claims, now)?;
    Ok(())
}

/// The request that was filed with these very bytes before.
///
/// # Errors
/// [`Refused::JtiUsed`] when the agency signed something else under that name, and those of the store.
pub fn earlier(
    conn: &mut Conn,
    statement: &Statement,
    agency: &str,
) -> Result<Option<String>, Error> {
    let Some(row) = signed::under(conn, agency, &statement.claims.jti)? else {
        return Ok(None);
    };
    if row.digest != statement.unverified.digest().as_bytes() {
        return Err(Refused::JtiUsed.into());
    }
    Ok(Some(row.request_id))
}

/// Keeps a statement that made a version of a request, and counts it as a use of the unit's keys. What the history keeps of it.
///
/// # Errors
/// Those of the store.
pub fn keep(
    conn: &mut Conn,
    statement: &Statement,
    (agency, request): (&str, &str),
    version: i32,
    now: At,
) -> Result<Signature, StoreError> {
    let (pseudonym, number) = signed::count_use(conn, agency, draw_salt()?.as_bytes())?;
    signed::keep(
        conn,
        &StatementRow {
            agency_id: agency.to_owned(),
            jti: statement.claims.jti.clone(),
            digest: statement.unverified.digest().as_bytes().to_vec(),
            kid: statement.unverified.kid().to_owned(),
            request_id: request.to_owned(),
            version,
            act: statement.claims.act.as_str().to_owned(),
            at: now.timestamp_millis(),
            content: statement.bytes.to_vec(),
            number: Some(number),
        },
    )?;
    Ok(statement.signature(tag(&pseudonym, counted(number)?)))
}

/// The number of a use as it is stored.
pub(in crate::app) fn counted(number: i32) -> Result<u32, StoreError> {
    u32::try_from(number)
        .map_err(|_| StoreError::Inconsistent("the number of a use is none".into()))
}

/// Notes at a request that is changed whether the unit signed the change; then what the history keeps of that. Of a signed request
/// whoever reads it is told of a change without a signature.
///
/// # Errors
/// [`Error::Signature`] names what is wrong with the statement, [`Error::Unsigned`] that there is none where the agency signs
/// everything; [`Error::Conflict`] for a request that no signature goes with, so
/// that none continues it; those of the store.
pub fn changed(
    conn: &mut Conn,
    view: &mut RequestView,
    statement: Option<&Statement>,
    version: i32,
    now: At,
) -> Result<Option<Signature>, Error> {
    let (agency, request) = (view.agency.id.to_string(), view.request.id.to_string());
    match (view.signed.as_mut(), statement) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Error::Conflict(
            "This request was filed without a signature of the unit, so none continues it; send the change unsigned.".into(),
        )),
        // What was filed without a signature nothing signed could continue.
        (Some(_), None) if view.agency.signature_required => Err(Error::Unsigned),
        (Some(signed), None) => {
            signed.unsigned_changes += 1;
            signed::note(conn, &request, &signed.stored()?)?;
            Ok(None)
        }
        (Some(signed), Some(statement)) => {
            if earlier(conn, statement, &agency)?.is_some() {
                return Err(Refused::JtiUsed.into());
            }
            check(conn, statement, &agency, now)?;
            if statement.claims.audience.as_str() != signed.audience {
                return Err(Refused::Audience.into());
            }
            let newest = signed.newest();
            if statement.claims.replaces != newest {
                return Err(newest.map_or(Refused::Payload, Refused::Replaces).into());
            }
            signed.statements.push(stated(statement, version));
            signed::note(conn, &request, &signed.stored()?)?;
            let kept = keep(conn, statement, (&agency, &request), version, now)?;
            Ok(Some(kept))
        }
    }
}
