//! How an agency is found to be real: by one person, or by two of whom the second calls back.

use chrono::TimeDelta;
use takedown_core::agency::{
    AgencyStatus, CallBack, DomainProof, Evidence, NotCompleted, SecondCheck, Verification,
    VerificationMethod,
};
use takedown_core::claim::{Challenge, Found};
use takedown_core::history::Data;
use takedown_core::id::{AgencyId, ClientId};
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::time::At;

use super::{alter, permitted};
use crate::app::parties::Agency;
use crate::app::registering::{Page, invalid};
use crate::app::requests::Expected;
use crate::app::values::{Checker, HostName, Note, Reason};
use crate::app::{Caller, Cx, Error};
use crate::store::{Conn, StoreError, agencies, history};

/// Longest validity of a verification: units are dissolved, domains change hands.
const LONGEST_VERIFICATION: TimeDelta = TimeDelta::days(5 * 366);
/// So many agencies are looked at in one statement.
const AT_ONCE: i64 = 200;

/// How an agency was found to be real.
#[derive(Debug, Clone)]
pub struct NewVerification {
    /// How.
    pub method: VerificationMethod,
    /// By whom; the name of the calling client when nobody is named. With a domain somebody has to be.
    pub by: Option<Checker>,
    /// When; now when nothing is said.
    pub verified_at: Option<At>,
    /// Until when it holds.
    pub expires_at: At,
    /// What else a platform should know.
    pub note: Option<Note>,
    /// The agency's own domain, which names it; the exchange looks.
    pub domain: Option<HostName>,
}

impl NewVerification {
    /// The verification, checked against the clock.
    fn made(self, asking: &str, evidence: Evidence, now: At) -> Result<Verification, Error> {
        let verified_at = self.verified_at.unwrap_or(now);
        if verified_at > now {
            return Err(invalid(
                "/verified_at",
                "lies in the future; leave it out for now",
            ));
        }
        if self.expires_at <= now {
            return Err(invalid(
                "/expires_at",
                "has passed already; a verification holds until a date to come",
            ));
        }
        if self.expires_at - now > LONGEST_VERIFICATION {
            return Err(invalid(
                "/expires_at",
                "lies more than five years ahead; verify again in time instead",
            ));
        }
        let made = Verification {
            method: self.method,
            by: self.by.map_or_else(|| asking.to_owned(), Into::into),
            verified_at,
            expires_at: self.expires_at,
            note: self.note.map(Into::into),
            evidence,
        };
        made.checked()
            .map_err(|error| invalid("", error.to_string()))
    }
}

/// Records that an agency is real, as one person found it. A suspended one stays suspended.
///
/// # Errors
/// [`Error::Invalid`] for dates that cannot be and a domain that does not name the agency, [`Error::NotFound`], [`Error::StaleVersion`], and those of the policy
/// and the store.
pub async fn verify(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
    verification: NewVerification,
) -> Result<Agency, Error> {
    authorize(&caller.actor, Action::VerifyAgency, &Resource::Exchange)?;
    let asking = cx.registry.client(&caller.client.to_string()).await?;
    let asking = asking.map_or_else(|| "the operator".to_owned(), |client| client.name.clone());
    let agency = permitted(caller, Action::VerifyAgency, id)?;
    // A second person completes it under another name, so there has to be one.
    if verification.domain.is_some() && verification.by.is_none() {
        return Err(invalid(
            "/by",
            "is missing; with `domain` name the person who checked, because a second one can complete the verification under another name",
        ));
    }
    let domain = match &verification.domain {
        Some(domain) => Some(named(cx, agency, domain.as_str()).await?),
        None => None,
    };
    let evidence = Evidence {
        client: Some(caller.client),
        domain,
        second: None,
    };
    let verification = verification.made(&asking, evidence, cx.now())?;
    let doing = (Action::VerifyAgency, expected, false);
    alter(cx, caller, id, doing, move |_, agency, _| {
        if agency.status != AgencyStatus::Suspended {
            agency.status = AgencyStatus::Verified;
        }
        let expires_at = Some(verification.expires_at);
        agency.verification = Some(verification.clone());
        Ok(Some(Data::AgencyVerified { expires_at }))
    })
    .await
}

/// Looks whether a domain names the agency.
async fn named(cx: &Cx, agency: AgencyId, domain: &str) -> Result<DomainProof, Error> {
    let challenge = Challenge::agency(domain.to_owned(), agency);
    if !challenge.can_be_proved() {
        return Err(invalid(
            "/domain",
            "is no name of the domain name system; give the domain of the agency itself",
        ));
    }
    let seen = cx.prover.look(&challenge).await;
    if let Some(proof) = seen.iter().find(|sight| sight.found == Found::Proof) {
        return Ok(DomainProof {
            domain: domain.to_owned(),
            method: proof.method,
            seen_at: cx.now(),
        });
    }
    let places = [
        challenge
            .record()
            .map(|name| format!("the TXT record {name}")),
        challenge.file(),
    ];
    let places: Vec<String> = places.into_iter().flatten().collect();
    let seen: Vec<String> = seen
        .iter()
        .map(|sight| format!("{}: {}", sight.at, sight.found))
        .collect();
    Err(invalid(
        "/domain",
        format!(
            "does not name the agency yet. Let {} hold the line {} and try again. What is there now: {}",
            places.join(" or "),
            challenge.line(),
            seen.join(" ")
        ),
    ))
}

/// What the second person found.
#[derive(Debug, Clone)]
pub struct Confirmation {
    /// Who he is.
    pub by: Checker,
    /// Where the number comes from on which he called.
    pub source: Reason,
    /// When he called.
    pub called_at: At,
}

/// A second person completes the verification that another one recorded: with credentials and a name of his own, and after he
/// called the agency back.
///
/// # Errors
/// [`Error::Conflict`] says why this is not a second person, or what the first one left out; [`Error::NotFound`],
/// [`Error::StaleVersion`], and those of the policy and the store.
pub async fn confirm(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
    confirmation: Confirmation,
) -> Result<Agency, Error> {
    let client = caller.client;
    let doing = (Action::ConfirmAgency, expected, false);
    alter(cx, caller, id, doing, move |conn, agency, now| {
        let verification = agency.verification.clone();
        let verification = verification.ok_or_else(|| {
            Error::Conflict(
                "Nobody has verified this agency yet; record that first (PUT /v1/agencies/{id}/verification)."
                    .to_owned(),
            )
        })?;
        let first = verification.evidence.client;
        if let Some(first) = first.filter(|first| *first != client)
            && same_hands(conn, first, client)?
        {
            return Err(refused(NotCompleted::SameHands));
        }
        let call_back = CallBack {
            source: confirmation.source.as_str().to_owned(),
            called_at: confirmation.called_at,
        };
        let called_at = call_back.called_at;
        let second = SecondCheck {
            by: confirmation.by.as_str().to_owned(),
            client,
            call_back,
            at: now,
        };
        let whole = verification.completed(second).map_err(refused)?;
        let domain = whole.evidence.domain.as_ref();
        let domain = domain.map_or_else(String::new, |proof| proof.domain.clone());
        agency.verification = Some(whole);
        Ok(Some(Data::AgencyConfirmed { domain, called_at }))
    })
    .await
}

/// Whether one of two clients gave the other its credentials, and so may have both.
fn same_hands(conn: &mut Conn, one: ClientId, other: ClientId) -> Result<bool, StoreError> {
    let (one, other) = (one.to_string(), other.to_string());
    Ok(history::gave_credentials(conn, &one, &other)?
        || history::gave_credentials(conn, &other, &one)?)
}

/// Agencies whose verification ends before an instant, or has ended, in the order of their registration, after `after`.
///
/// # Errors
/// Those of the policy and the store.
pub async fn ending(
    cx: &Cx,
    caller: &Caller,
    before: At,
    after: Option<String>,
    limit: usize,
) -> Result<Page<Agency>, Error> {
    authorize(&caller.actor, Action::ListAgencies, &Resource::Exchange)?;
    let rows = cx
        .store
        .read(move |conn| {
            let mut found = Vec::new();
            let mut after = after.clone();
            loop {
                let rows = agencies::page(conn, after.as_deref(), AT_ONCE)?;
                let Some(last) = rows.last() else {
                    return Ok(found);
                };
                after = Some(last.id.clone());
                for row in rows {
                    let agency = Agency::try_from(row)?;
                    let ends = agency.verification.as_ref().map(|v| v.expires_at);
                    if ends.is_some_and(|ends| ends < before) {
                        found.push(agency);
                    }
                    if found.len() > limit {
                        return Ok::<_, StoreError>(found);
                    }
                }
            }
        })
        .await?;
    Ok(Page::cut(rows, limit))
}

fn refused(why: NotCompleted) -> Error {
    let says = why.to_string();
    match why {
        NotCompleted::SamePerson(_) => invalid("/by", says),
        NotCompleted::CalledWhen => invalid("/call_back/called_at", says),
        NotCompleted::Text(_) => invalid("/call_back/source", says),
        _ => Error::Conflict(says),
    }
}
