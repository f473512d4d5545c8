//! Scrutiny: what the authority of a platform's country reads and decides of the orders that were copied to it.
//!
//! Its scope is what was copied to it, and nothing else of whoever filed. It sees of an order what the platform sees.

use takedown_core::history::{Annulled, Content, Data, Digest};
use takedown_core::id::PlatformId;
use takedown_core::oversight::Finding;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::request::{Applied, Change, Overseen};
use takedown_core::time::At;

use super::once::Answer;
use super::parties::Agency;
use super::registering::one_more;
use super::requests::filing::Text;
use super::requests::oversight::keep;
use super::requests::revision::Annulment;
use super::requests::{
    Acted, Doing, Expected, Render, RequestView, act_within, complete, filing_agency, identifier,
    keep_annulments, rows, scrutiny_of, scrutiny_refused,
};
use super::{Caller, Cx, Error, reads};
use crate::store::oversight;
use crate::store::requests::Scope;

/// A page of what was copied to an authority.
#[derive(Debug)]
pub struct List {
    /// Newest first; without their items.
    pub items: Vec<RequestView>,
    /// Whether older ones follow.
    pub more: bool,
}

/// What the authority that calls has a copy of. Whoever is no agency has none.
fn scope(caller: &Caller, action: Action) -> Result<String, Error> {
    authorize(&caller.actor, action, &Resource::Exchange)?;
    let agency = caller.actor.agency().ok_or(Error::NotFound)?;
    Ok(agency.to_string())
}

/// The orders that were copied to the authority that calls, newest first, older than `before`.
///
/// # Errors
/// Those of the policy and the store.
pub async fn list(
    cx: &Cx,
    caller: &Caller,
    before: Option<String>,
    limit: usize,
) -> Result<List, Error> {
    let authority = scope(caller, Action::ListScrutinies)?;
    let mut found = cx
        .store
        .read(move |conn| {
            let before = before.as_deref();
            Ok::<_, Error>(oversight::copied(
                conn,
                &authority,
                before,
                one_more(limit),
            )?)
        })
        .await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let mut items = Vec::with_capacity(found.len());
    for row in found {
        items.push(complete(cx, row, Vec::new()).await?);
    }
    Ok(List { items, more })
}

/// One of them, with its items.
///
/// # Errors
/// [`Error::NotFound`] when it was not copied to the caller.
pub async fn read(cx: &Cx, caller: &Caller, id: &str) -> Result<RequestView, Error> {
    let authority = scope(caller, Action::ReadScrutiny)?;
    let id = identifier(id)?;
    let (row, items) = cx
        .store
        .read(move |conn| rows(conn, &Scope::Copied(authority), &id))
        .await?;
    let view = complete(cx, row, items).await?;
    let read = Data::RequestRead {
        request: view.request.id,
        version: Some(view.request.version),
        content: Content::Request,
    };
    reads::enter(cx, caller.as_authority(), vec![read]).await?;
    Ok(view)
}

/// Tells the issuing agency that the authority means to find an infringement, and why. Said again it changes nothing.
///
/// # Errors
/// [`Error::Conflict`] when it decided or its time is over, [`Error::NotFound`], [`Error::Refused`] once the order is
/// withdrawn, [`Error::StaleVersion`], and those of the store.
pub async fn announce(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    text: Text,
    render: Render,
) -> Result<Answer, Error> {
    let authority = scope(caller, Action::AnnounceScrutiny)?;
    let acting = filing_agency(cx, caller, cx.now()).await?;
    let doing = doing(Action::AnnounceScrutiny, id, expected);
    let within = Scope::Copied(authority);
    act_within(cx, caller, within, doing, move |conn, view, now| {
        competent(&acting, view)?;
        let before = scrutiny_of(view)?;
        // What was said once is what the agency reads; other words in its place would be lost.
        if view.oversight.announcement.as_ref().is_some_and(|said| *said != text) {
            return Err(Error::Conflict(
                "the infringement was announced already, with other reasons; the decision says what holds".into(),
            ));
        }
        let scrutiny = before.clone().announce(now).map_err(scrutiny_refused)?;
        let change = view.request.clone().oversee(Overseen::Announced, now)?;
        let digest = Digest::of(&text.text);
        let applied = if before.announced_at.is_some() {
            Applied::Unchanged(view.request.clone())
        } else {
            view.oversight.core.scrutiny = Some(scrutiny);
            view.oversight.announcement = Some(text.clone());
            keep(conn, view)?;
            Applied::Changed(change)
        };
        Ok(Acted {
            first: None,
            applied,
            data: Box::new(move |_: &Change| Data::ScrutinyAnnounced { text: digest }),
            render: Box::new(render),
        })
    })
    .await
}

/// What the authority decided.
#[derive(Debug, Clone)]
pub struct NewDecision {
    /// What it found.
    pub finding: Finding,
    /// Why.
    pub reasons: Text,
    /// The reference of its decision.
    pub reference: String,
}

/// The authority decides. When it finds an infringement the order ceases to have effect: it ends as one that is taken
/// back, what was acted on is asked back, and both sides are told.
///
/// # Errors
/// As [`announce`]; [`Error::Conflict`] also for an infringement that was not announced.
pub async fn decide(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    decision: NewDecision,
    render: Render,
) -> Result<Answer, Error> {
    let authority = scope(caller, Action::DecideScrutiny)?;
    let acting = filing_agency(cx, caller, cx.now()).await?;
    let doing = doing(Action::DecideScrutiny, id, expected);
    let within = Scope::Copied(authority);
    act_within(cx, caller, within, doing, move |conn, view, now| {
        competent(&acting, view)?;
        let act = match decision.finding {
            Finding::NoInfringement => Overseen::Cleared,
            Finding::Infringement => Overseen::Annulled,
        };
        // The order first: of one that is withdrawn nothing else needs to be said.
        let change = view.request.clone().oversee(act, now)?;
        let scrutiny = scrutiny_of(view)?
            .decide(decision.finding, now)
            .map_err(scrutiny_refused)?;
        let late = scrutiny.decision.is_some_and(|made| made.late);
        view.oversight.core.scrutiny = Some(scrutiny);
        view.oversight.reasons = Some(decision.reasons.clone());
        view.oversight.decision_reference = Some(decision.reference.clone());
        keep(conn, view)?;
        let (text, reference) = (
            Digest::of(&decision.reasons.text),
            decision.reference.clone(),
        );
        let by = view.oversight.authority_name.clone().unwrap_or_default();
        if decision.finding == Finding::Infringement {
            let annulment = annulment(&change, (&by, &reference), now);
            view.revisions.annulments.push(annulment);
            keep_annulments(conn, view)?;
        }
        let data: Box<dyn FnOnce(&Change) -> Data> = match decision.finding {
            Finding::NoInfringement => Box::new(move |_| Data::ScrutinyDecided {
                text,
                decision: reference,
                late,
            }),
            Finding::Infringement => Box::new(move |change| {
                let decision = reference;
                Data::annulled(change, text, Annulled { by, decision }, late)
            }),
        };
        Ok(Acted {
            first: None,
            applied: Applied::Changed(change),
            data,
            render: Box::new(render),
        })
    })
    .await
}

/// Whoever was competent when the copy came goes on reading it; acting on it takes the competence of today.
fn competent(acting: &Agency, view: &RequestView) -> Result<(), Error> {
    if acting.scrutinises.contains(&view.request.instrument) {
        return Ok(());
    }
    Err(Error::Forbidden(format!(
        "this agency no longer scrutinises orders under {}; the operator of this exchange records who does",
        view.request.instrument
    )))
}

fn annulment(change: &Change, (by, decision): (&str, &str), now: At) -> Annulment {
    Annulment {
        version: change.request.version,
        at: now,
        by: by.to_owned(),
        decision: decision.to_owned(),
        items: Vec::new(),
    }
}

fn doing(action: Action, id: String, expected: Expected) -> Doing {
    Doing {
        action,
        id,
        key: None,
        expected,
        version_required: true,
    }
}

/// How many orders under one instrument are final.
#[derive(Debug, Clone)]
pub struct FinalCount {
    /// The instrument.
    pub instrument: String,
    /// Since when is counted.
    pub since: At,
    /// How many.
    pub orders: i64,
    /// From how many on a platform may be found exposed.
    pub exposed_from: u32,
    /// Where that is written down.
    pub citation: String,
}

/// How many orders to a platform have become final in the last months: for the platform itself, and for whoever scrutinises
/// orders to platforms of its country.
///
/// # Errors
/// [`Error::NotFound`] for everybody else, and those of the policy and the store.
pub async fn count_final(cx: &Cx, caller: &Caller, id: &str) -> Result<Vec<FinalCount>, Error> {
    authorize(&caller.actor, Action::CountFinalOrders, &Resource::Exchange)?;
    let id: PlatformId = id.parse().map_err(|_| Error::NotFound)?;
    let platform = cx.registry.platform(&id.to_string()).await?;
    let platform = platform.ok_or(Error::NotFound)?;
    let scrutinises = match caller.actor.agency() {
        None if caller.actor.platform() == Some(id) => None,
        None => return Err(Error::NotFound),
        Some(agency) => {
            let agency = cx.registry.agency(&agency.to_string()).await?;
            let agency = agency.filter(|agency| Some(agency.country) == platform.country);
            Some(agency.ok_or(Error::NotFound)?.scrutinises.clone())
        }
    };
    if scrutinises.as_ref().is_some_and(Vec::is_empty) {
        return Err(Error::NotFound);
    }
    let now = cx.now();
    let powers = cx.powers.clone();
    cx.store
        .read(move |conn| {
            let mut counts = Vec::new();
            for instrument in powers.catalogue.iter() {
                let theirs = scrutinises
                    .as_ref()
                    .is_none_or(|own| own.contains(&instrument.id));
                let Some(rule) = instrument.finality.as_ref().filter(|_| theirs) else {
                    continue;
                };
                let since = rule.counts_from(now).unwrap_or(now);
                let (platform, name) = (id.to_string(), instrument.id.as_str());
                let from = since.timestamp_millis();
                counts.push(FinalCount {
                    instrument: name.to_owned(),
                    since,
                    orders: oversight::final_since(conn, &platform, name, from)?,
                    exposed_from: rule.exposed_orders,
                    citation: rule.exposed_citation.clone(),
                });
            }
            Ok(counts)
        })
        .await
}
