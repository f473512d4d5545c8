//! Looking for a proof, and what it grants.

use secrecy::SecretString;
use takedown_core::claim::{ClaimStatus, Found, Sight, covers};
use takedown_core::history::{Data, Digest, Subject};
use takedown_core::id::ClaimId;
use takedown_core::platform::{ControlMethod, Standing};
use takedown_core::policy::{Action, Actor, Party, Resource, authorize};
use takedown_core::time::At;

use super::press::Press;
use super::{Claim, Claimant, may_be_claimed};
use crate::app::clients::{self as registering_clients, Authentication, NewClient};
use crate::app::parties::Platform;
use crate::app::registering::record;
use crate::app::registry::load_platform;
use crate::app::requests::{AnswerSecret, Opened};
use crate::app::values::Name;
use crate::app::{Caller, Cx, Error};
use crate::store::claims::{self, ClaimRow};
use crate::store::platforms::{self, PlatformRow};
use crate::store::{Conn, StoreError, bounces, links, sealing_keys};

/// How often may be looked for one claim.
const MOST_LOOKS: i32 = 100;
/// What the client of whoever claimed his platform is called.
const CLIENT: &str = "Inbox, by claim";

/// What whoever proved it gets. It is shown once.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The client's identifier.
    pub client: String,
    /// Its secret.
    pub secret: SecretString,
    /// With it he says how the platform wants to be written to.
    pub ticket: AnswerSecret,
    /// Where it is written to as far as is known, without what came back and what its reader called wrong.
    pub contacts: Vec<String>,
}

/// What a look came to.
#[derive(Debug, Clone)]
pub struct Looked {
    /// The claim as it stands now.
    pub claim: Claim,
    /// What was granted by this very look.
    pub credentials: Option<Credentials>,
}

/// Why nobody looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotLooked {
    /// The host was looked at a moment ago, perhaps for somebody else.
    #[error("The host was looked at a moment ago. Wait some seconds and look again.")]
    Soon,
    /// The claim was looked at too often.
    #[error("There were 100 looks for this claim, and that is all. Begin another one.")]
    Enough,
    /// Its time is over.
    #[error("The time of this claim is over. Begin another one, which has another code.")]
    Over,
    /// The host is not the platform's any more.
    #[error("The host does not belong to this platform any more.")]
    Moved,
    /// What he came with ended while he looked.
    #[error("The link ended meanwhile, or the platform was suspended or is gone.")]
    Ended,
}

/// Whoever has the answer link looks whether his proof is there. `once` is what the form carried: the same press of its button, within
/// minutes, is answered with the same credentials.
///
/// # Errors
/// [`Error::NotFound`] when he began no claim, and those of the policy and the store.
pub async fn look_by_link(
    cx: &Cx,
    opened: &Opened,
    once: &str,
) -> Result<Result<Looked, NotLooked>, Error> {
    authorize(
        &Actor::anonymous(),
        Action::ClaimByLink,
        &Resource::Exchange,
    )?;
    let claimant = Claimant::by_link(opened);
    let (platform, key) = (
        opened.view.request.platform.to_string(),
        claimant.key.clone(),
    );
    let (newest, writes) = cx
        .store
        .read(move |conn| {
            let newest = claims::newest(conn, &platform, &key)?;
            Ok::<_, StoreError>((newest, sealing_keys::known(conn)?))
        })
        .await?;
    let id = newest.ok_or(Error::NotFound)?.id;
    let press = Press::of(cx, writes.as_deref(), &id, once);
    look_as(cx, claimant, id, press).await
}

/// The operator looks for a claim that he began. Nobody gets credentials by it: he gives them himself.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`] for a claim that somebody else began, and those of the policy and the store.
pub async fn look(cx: &Cx, caller: &Caller, id: &str) -> Result<Result<Looked, NotLooked>, Error> {
    authorize(&caller.actor, Action::LookAtClaim, &Resource::Exchange)?;
    let id: ClaimId = id.parse().map_err(|_| Error::NotFound)?;
    look_as(cx, Claimant::operator(caller), id.to_string(), None).await
}

async fn look_as(
    cx: &Cx,
    claimant: Claimant,
    id: String,
    press: Option<Press>,
) -> Result<Result<Looked, NotLooked>, Error> {
    let begun = match begin(cx, &claimant, id.clone()).await? {
        Ok(claim) => claim,
        Err(why) => return Ok(Err(why)),
    };
    if begun.status != ClaimStatus::Open {
        let now = cx.now();
        let credentials = match press {
            Some(press) => {
                let again = move |conn: &mut Conn| {
                    let row = claims::find(conn, &id)?.ok_or(Error::NotFound)?;
                    press.again(conn, &row, now)
                };
                cx.store.read(again).await?
            }
            None => None,
        };
        return Ok(Ok(Looked {
            claim: begun,
            credentials,
        }));
    }
    let seen = cx.prover.look(&begun.challenge).await;
    let now = cx.now();
    let settled = cx
        .store
        .write(move |conn| settle(conn, &claimant, (&id, press.as_ref()), &seen, now))
        .await;
    // Even when the answer failed: whether the commit reached the database may not be known.
    cx.registry.changed();
    settled
}

/// Notes that there is a look now, before there is one: whoever presses often makes nobody else's server busy.
async fn begin(
    cx: &Cx,
    claimant: &Claimant,
    id: String,
) -> Result<Result<Claim, NotLooked>, Error> {
    let key = claimant.key.clone();
    let now = cx.now();
    let rested = (now - cx.look_interval).timestamp_millis();
    cx.store
        .write(move |conn| {
            let row = claims::find(conn, &id)?.ok_or(Error::NotFound)?;
            if row.claimant != key {
                return Err(if key.is_empty() {
                    Error::Conflict(format!(
                        "{id} was begun by somebody who was written to: he looks himself, and what it grants is shown to him."
                    ))
                } else {
                    Error::NotFound
                });
            }
            let claim = Claim::try_from(row.clone())?;
            if claim.status != ClaimStatus::Open {
                return Ok(Ok(claim));
            }
            if !claim.is_open(now) {
                return Ok(Err(NotLooked::Over));
            }
            if row.looks >= MOST_LOOKS {
                return Ok(Err(NotLooked::Enough));
            }
            let between = (rested, now.timestamp_millis());
            if claims::begin_look(conn, (&row.id, &row.host), MOST_LOOKS, between)? {
                Ok(Ok(claim))
            } else {
                Ok(Err(NotLooked::Soon))
            }
        })
        .await
}

/// Keeps what was seen; where it is the proof, does what follows from it in the same commit.
fn settle(
    conn: &mut Conn,
    claimant: &Claimant,
    (id, press): (&str, Option<&Press>),
    seen: &[Sight],
    now: At,
) -> Result<Result<Looked, NotLooked>, Error> {
    let mut row = claims::find(conn, id)?.ok_or(Error::NotFound)?;
    let mut credentials = None;
    // Of two looks at once, the second finds what the first one brought about.
    if row.status == ClaimStatus::Open.as_str() {
        row.found = serde_json::to_string(seen).map_err(StoreError::from)?;
        let proof = seen.iter().find(|sight| sight.found == Found::Proof);
        if let Some(proof) = proof {
            let mut platform = load_platform(conn, &row.platform_id)?.ok_or(Error::NotFound)?;
            // A look takes a while.
            if claimant.has_ended(conn, &platform, now)? {
                return Ok(Err(NotLooked::Ended));
            }
            if !platform.hosts.contains(&row.host) {
                return Ok(Err(NotLooked::Moved));
            }
            may_be_claimed(&platform, &row.host)?;
            row.method = Some(proof.method.as_str().to_owned());
            row.proved_at = Some(now.timestamp_millis());
            let by = (proof.method, press);
            credentials = prove(conn, claimant, (&mut row, &mut platform), by, now)?;
        }
        if !claims::update(conn, &row, ClaimStatus::Open.as_str())? {
            return Err(Error::Store(StoreError::Stale));
        }
    } else if let Some(press) = press {
        credentials = press.again(conn, &row, now)?;
    }
    let claim = Claim::try_from(row)?;
    Ok(Ok(Looked { claim, credentials }))
}

fn prove(
    conn: &mut Conn,
    claimant: &Claimant,
    (row, platform): (&mut ClaimRow, &mut Platform),
    (method, press): (ControlMethod, Option<&Press>),
    now: At,
) -> Result<Option<Credentials>, Error> {
    let claim = Claim::try_from(row.clone())?;
    let subject = Subject::Platform { id: platform.id };
    let seen = Digest::of(claim.challenge.line());
    if !claimant.is_operator() && is_contested(conn, claimant, &row.host, platform)? {
        row.status = ClaimStatus::Contested.as_str().to_owned();
        let data = Data::ClaimContested {
            claim: claim.id,
            host: row.host.clone(),
            method,
            seen,
        };
        record(conn, claimant.author, subject, now, data)?;
        return Ok(None);
    }
    row.status = ClaimStatus::Granted.as_str().to_owned();
    if platform.standing != Standing::Active {
        platform.standing = Standing::Claimed;
    }
    platform.version += 1;
    platform.updated_at = now;
    platforms::update(conn, &PlatformRow::try_from(&*platform)?, None)?;
    let data = Data::PlatformVerified {
        method,
        note: None,
        claim: Some(claim.id),
        host: Some(row.host.clone()),
        seen: Some(seen),
    };
    record(conn, claimant.author, subject, now, data)?;
    if claimant.is_operator() {
        return Ok(None);
    }
    let name = Name::parse(CLIENT).map_err(|error| StoreError::Inconsistent(error.to_string()))?;
    let new = NewClient {
        name,
        party: Party::Platform(platform.id),
        scopes: None,
        authentication: match press {
            Some(press) => Authentication::Made(press.secret.clone()),
            None => Authentication::Secret,
        },
    };
    let (client, secret) = new.registered(now)?;
    registering_clients::insert(conn, &client, claimant.author, now)?;
    let ticket = press.map(|press| press.ticket.clone());
    let ticket = ticket.map_or_else(AnswerSecret::draw, Ok)?;
    let contacts = good_contacts(conn, platform)?;
    row.client_id = Some(client.id.clone());
    row.ticket = Some(AnswerSecret::digest(ticket.as_str()));
    Ok(secret.map(|secret| Credentials {
        client: client.id,
        secret,
        ticket,
        contacts,
    }))
}

/// Whether a proof alone does not decide: somebody acts or answers for the platform already, or it has hosts that whoever is in
/// charge of this one need not be in charge of.
fn is_contested(
    conn: &mut Conn,
    claimant: &Claimant,
    host: &str,
    platform: &Platform,
) -> Result<bool, StoreError> {
    let spoken_for = matches!(platform.standing, Standing::Claimed | Standing::Active);
    if spoken_for || !platform.hosts.iter().all(|other| covers(host, other)) {
        return Ok(true);
    }
    let key = platform.id.to_string();
    if claims::has_spokesman(conn, &key)? {
        return Ok(true);
    }
    let rejected = links::rejected(conn, &key)?;
    let answered = claims::answered(conn, &key)?;
    Ok(answered.iter().any(|contact| {
        Digest::of(contact).to_string() != claimant.key
            && !rejected.iter().any(|row| row.address == *contact)
    }))
}

pub(super) fn good_contacts(
    conn: &mut Conn,
    platform: &Platform,
) -> Result<Vec<String>, StoreError> {
    let key = platform.id.to_string();
    let mut bad = bounces::addresses(conn, &key)?;
    bad.extend(
        links::rejected(conn, &key)?
            .into_iter()
            .map(|row| row.address),
    );
    let good = platform.contacts.iter().filter(|one| !bad.contains(one));
    Ok(good.cloned().collect())
}
