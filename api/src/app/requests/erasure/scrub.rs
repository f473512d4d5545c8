//! What is left of the parts of a request: codes, instants, languages and the law that is cited, no words and no locators.

use serde_json::Value;
use takedown_core::oversight::CopySent;
use takedown_core::request::Outcome;

use crate::app::notify::Facts;
use crate::app::requests::filing::{Filing, ItemDetail, Text};
use crate::app::requests::revision::Revision;
use crate::app::requests::view::RequestView;
use crate::store::StoreError;

/// Leaves of a request what may stay.
pub(super) fn request(view: &mut RequestView) {
    filing(&mut view.filing);
    for item in &mut view.items {
        item.locator.clear();
        item.host = None;
        detail(&mut item.detail);
        let answer = item.item.answer.as_mut();
        let answered = answer.map(|answer| (&mut answer.outcome, answer.done.as_mut()));
        let (answer, done) = answered.map_or((None, None), |(answer, done)| (Some(answer), done));
        [
            item.item.outcome.as_mut(),
            item.undone.as_mut(),
            answer,
            done,
        ]
        .into_iter()
        .flatten()
        .for_each(without_note);
    }
    // The same items, as decisions see them.
    for (is, shown) in view.request.items.iter_mut().zip(&view.items) {
        is.clone_from(&shown.item);
    }
    view.revisions.facts.iter_mut().for_each(fact);
    view.oversight.announcement = None;
    view.oversight.reasons = None;
    if let Some(scrutiny) = &mut view.oversight.core.scrutiny
        && let CopySent::ByHand { to, .. } = &mut scrutiny.copy
    {
        to.clear();
    }
    let extensions = view.preservation.iter_mut().flat_map(|p| &mut p.extensions);
    extensions.for_each(|longer| longer.reason.clear());
}

fn filing(filing: &mut Filing) {
    filing.reasons.text.clear();
    filing.translation = None;
    filing.officer = None;
    if let Some(specified) = &mut filing.specified {
        specified.issued_by.clear();
        specified.case_number = None;
    }
    if let Some(held) = &mut filing.non_disclosure {
        held.reason.clear();
        held.extensions
            .iter_mut()
            .for_each(|longer| longer.reason.clear());
    }
    if let Some(attribution) = &mut filing.attribution {
        attribution.source.clear();
    }
    if let Some(notice) = &mut filing.prior_notice {
        notice.reason = None;
    }
    filing.elements.redress = None;
    filing.elements.effect_to = None;
}

fn detail(detail: &mut ItemDetail) {
    detail.description = None;
    detail.digests.clear();
}

fn without_note(outcome: &mut Outcome) {
    outcome.note = None;
    outcome.note_language = None;
}

fn fact(revision: &mut Revision) {
    revision.was = Value::Null;
    revision.now = Value::Null;
    revision.text = None::<Text>;
}

/// The same for an outcome as it is stored.
pub(super) fn outcome(json: &str) -> Result<String, StoreError> {
    let mut outcome: Outcome = serde_json::from_str(json)?;
    without_note(&mut outcome);
    Ok(serde_json::to_string(&outcome)?)
}

/// The same for a fact that was put right.
pub(super) fn revision(json: &str) -> Result<String, StoreError> {
    let mut revision: Revision = serde_json::from_str(json)?;
    fact(&mut revision);
    Ok(serde_json::to_string(&revision)?)
}

/// The same for what was true when a notification was queued: a document has a name of its own, an address is somebody's.
pub(super) fn facts(json: &str) -> Result<Option<String>, StoreError> {
    let mut facts: Facts = serde_json::from_str(json)?;
    let named = facts.document.take().is_some() | facts.contact.take().is_some();
    Ok(named.then(|| serde_json::to_string(&facts)).transpose()?)
}
