//! Extending a non-disclosure, and ending it before its time.

use std::sync::Arc;

use takedown_core::history::{Data, Digest};
use takedown_core::instrument::{Catalogue, Contradiction, Instrument};
use takedown_core::policy::Action;
use takedown_core::request::{Applied, Change, Command, EventType};
use takedown_core::time::At;

use super::answer::{Acted, Doing, Expected, Render, act, decide_in_core};
use super::filing::Text;
use super::said::same_words;
use super::{RequestView, message, withdraw};
use crate::app::error::Broken;
use crate::app::once::{Answer, Once};
use crate::app::{Caller, Cx, Error, FieldError};
use crate::store::{Conn, repeats, requests};

/// A later end.
#[derive(Debug, Clone)]
pub struct NewExtension {
    /// The end from now on.
    pub until: At,
    /// Why.
    pub reason: String,
    /// The authority or court that asks for it, where it is another than the agency.
    pub asked_by: Option<String>,
}

/// Forbids telling the uploader for longer. The end before stays to be seen.
///
/// # Errors
/// [`Error::Contradiction`] where the law does not allow it, [`Error::Conflict`] when the filing forbids nothing,
/// [`Error::NotFound`], [`Error::Refused`], [`Error::StaleVersion`], and those of the store.
pub async fn extend_non_disclosure(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    key: Option<Once>,
    new: NewExtension,
    render: Render,
) -> Result<Answer, Error> {
    let doing = Doing {
        action: Action::ExtendNonDisclosure,
        id,
        key,
        expected,
        version_required: true,
    };
    let (by, powers) = (caller.clone(), Arc::clone(&cx.powers));
    act(cx, caller, doing, move |conn, view, now| {
        let applied = decide_in_core(&by, view, Command::ExtendNonDisclosure, now)?;
        let held = view.filing.non_disclosure.clone().ok_or_else(nothing)?;
        let instrument = offered(&powers.catalogue, view)?;
        instrument
            .check_extension(&held, new.until, now)
            .map_err(broken)?;
        let was = held.until;
        view.filing.non_disclosure = Some(held.extended(new.until, new.reason.clone(), now));
        withdraw::keep(conn, view)?;
        prolong_lookups(conn, view, new.until)?;
        let (until, reason) = (new.until, Digest::of(&new.reason));
        Ok(Acted {
            first: None,
            applied,
            data: Box::new(move |_: &Change| Data::NonDisclosureExtended {
                was,
                until,
                reason,
                kept: None,
            }),
            render: Box::new(render),
        })
    })
    .await
}

/// Allows telling the uploader from now on. Said again, or once it has run out, it changes nothing.
///
/// # Errors
/// [`Error::Conflict`] also for words that nothing is left to say with; otherwise as [`extend_non_disclosure`].
pub async fn lift_non_disclosure(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    text: Option<Text>,
    render: Render,
) -> Result<Answer, Error> {
    let doing = Doing {
        action: Action::LiftNonDisclosure,
        id,
        key: None,
        expected,
        version_required: true,
    };
    let by = caller.clone();
    act(cx, caller, doing, move |conn, view, now| {
        let mut applied = decide_in_core(&by, view, Command::LiftNonDisclosure, now)?;
        let held = view.filing.non_disclosure.clone().ok_or_else(nothing)?;
        let was = held.until;
        let lifted_before = held.lifted;
        match held.lifted(now) {
            None => {
                let over = match lifted_before {
                    Some(lifted) => ("The non-disclosure was lifted", lifted.at),
                    None => ("The non-disclosure ran out", was),
                };
                let event = EventType::NonDisclosureLifted;
                same_words(conn, view, event, text.as_ref(), over)?;
                applied = Applied::Unchanged(view.request.clone());
            }
            Some(lifted) => {
                view.filing.non_disclosure = Some(lifted);
                withdraw::keep(conn, view)?;
                if let Some(text) = &text {
                    message::keep(conn, &by, view, ("note", None), text, &[], now)?;
                }
            }
        }
        let text = text.as_ref().map(|text| Digest::of(&text.text));
        Ok(Acted {
            first: None,
            applied,
            data: Box::new(move |_: &Change| Data::NonDisclosureLifted {
                was,
                text,
                kept: None,
            }),
            render: Box::new(render),
        })
    })
    .await
}

fn nothing() -> Error {
    Error::Conflict(
        "nothing forbids telling the uploader: the filing decided no non-disclosure. It is part of the decision, so withdraw \
         the request and file anew with one"
            .into(),
    )
}

/// The instrument of a request, whose limits hold for what is asked now.
pub(super) fn offered<'a>(
    catalogue: &'a Catalogue,
    view: &RequestView,
) -> Result<&'a Instrument, Error> {
    let id = view.request.instrument.as_str();
    catalogue.get(id).ok_or_else(|| {
        Error::Conflict(format!(
            "{id} is not offered here any more, so what it allows is not known"
        ))
    })
}

/// A broken rule as the doors tell it.
pub(super) fn broken(contradiction: Contradiction) -> Error {
    Error::Contradiction(vec![Broken {
        rule: contradiction.rule.to_owned(),
        citation: contradiction.citation,
        at: FieldError::new(contradiction.pointer, contradiction.detail),
    }])
}

/// What other agencies learn by lookups stays silent for as long.
fn prolong_lookups(conn: &mut Conn, view: &RequestView, until: At) -> Result<(), Error> {
    let items = requests::items(conn, &view.request.id.to_string())?;
    let (agency, platform) = (view.agency.id.to_string(), view.platform.id.to_string());
    let until = until.timestamp_millis();
    Ok(repeats::prolong(conn, (&agency, &platform), &items, until)?)
}
