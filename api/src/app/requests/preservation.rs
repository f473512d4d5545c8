//! Keeping what was removed: said by the platform, extended and released by the agency.

use std::sync::Arc;

use takedown_core::history::{Data, Digest};
use takedown_core::non_disclosure::Longer;
use takedown_core::policy::Action;
use takedown_core::preservation::{NotPreserved, Preservation};
use takedown_core::request::{Applied, Change, Command, EventType};
use takedown_core::time::At;

use super::answer::{Acted, Doing, Expected, Render, act, decide_in_core};
use super::filing::Text;
use super::non_disclosure::{NewExtension, broken, offered};
use super::said::same_words;
use super::{RequestView, message};
use crate::app::once::{Answer, Once};
use crate::app::{Caller, Cx, Error, FieldError};

/// What a platform says that it keeps.
#[derive(Debug, Clone, Copy)]
pub struct Holding {
    /// Since when; now unless said.
    pub since: Option<At>,
    /// Until when; the end that is asked for unless said.
    pub until: Option<At>,
}

fn doing(action: Action, id: String, key: Option<Once>, expected: Expected) -> Doing {
    Doing {
        action,
        id,
        key,
        expected,
        version_required: true,
    }
}

/// The platform says that it keeps what was removed. Said again it changes nothing.
///
/// # Errors
/// [`Error::Invalid`] for instants that cannot be, [`Error::Conflict`] when nothing is to be kept, [`Error::NotFound`],
/// [`Error::Refused`], [`Error::StaleVersion`], and those of the store.
pub async fn hold(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    holding: Holding,
    render: Render,
) -> Result<Answer, Error> {
    let doing = doing(Action::HoldPreservation, id, None, expected);
    let by = caller.clone();
    act(cx, caller, doing, move |_, view, now| {
        let applied = decide_in_core(&by, view, Command::HoldPreservation, now)?;
        let kept = asked(view)?;
        let said = kept.held.map(|held| held.since);
        let since = holding.since.or(said).unwrap_or(now);
        let held = kept.hold(since, holding.until, now).map_err(located)?;
        let until = held
            .as_ref()
            .and_then(|kept| kept.held)
            .map(|held| held.until);
        let until = until.unwrap_or(now);
        Ok(Acted {
            first: None,
            applied: put(view, applied, held),
            data: Box::new(move |_: &Change| Data::PreservationHeld { since, until }),
            render: Box::new(render),
        })
    })
    .await
}

/// Asks to keep it for longer.
///
/// # Errors
/// [`Error::Contradiction`] where the law does not allow it, otherwise as [`hold`].
pub async fn extend_preservation(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    key: Option<Once>,
    new: NewExtension,
    render: Render,
) -> Result<Answer, Error> {
    let doing = doing(Action::ExtendPreservation, id, key, expected);
    let (by, powers) = (caller.clone(), Arc::clone(&cx.powers));
    act(cx, caller, doing, move |_, view, now| {
        let applied = decide_in_core(&by, view, Command::ExtendPreservation, now)?;
        let kept = asked(view)?;
        let was = kept.until;
        let longer = Longer {
            at: now,
            was,
            until: new.until,
            reason: new.reason.clone(),
            asked_by: new.asked_by.clone(),
        };
        let extended = kept.extend(longer).map_err(located)?;
        offered(&powers.catalogue, view)?
            .check_longer_preservation(was, new.until, now)
            .map_err(broken)?;
        let new = new.clone();
        Ok(Acted {
            first: None,
            applied: put(view, applied, Some(extended)),
            data: Box::new(move |_: &Change| Data::PreservationExtended {
                was,
                until: new.until,
                asked_by: new.asked_by,
                reason: Digest::of(&new.reason),
            }),
            render: Box::new(render),
        })
    })
    .await
}

/// Says that it need not be kept any more; also of a request that was withdrawn. Said again it changes nothing.
///
/// # Errors
/// [`Error::Conflict`] also for other words than those of the first time; otherwise as [`hold`].
pub async fn release(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    text: Option<Text>,
    render: Render,
) -> Result<Answer, Error> {
    let doing = doing(Action::ReleasePreservation, id, None, expected);
    let by = caller.clone();
    act(cx, caller, doing, move |conn, view, now| {
        let applied = decide_in_core(&by, view, Command::ReleasePreservation, now)?;
        let kept = asked(view)?;
        let (until, ended) = (kept.until, kept.ended);
        let released = kept.release(now).map_err(located)?;
        match (&released, &text) {
            (Some(_), Some(text)) => {
                message::keep(conn, &by, view, ("note", None), text, &[], now)?;
            }
            (Some(_), None) => {}
            (None, text) => {
                let at = ended.map_or(now, |ended| ended.at);
                let released = ("The preservation was released", at);
                let event = EventType::PreservationReleased;
                same_words(conn, view, event, text.as_ref(), released)?;
            }
        }
        let text = text.as_ref().map(|text| Digest::of(&text.text));
        Ok(Acted {
            first: None,
            applied: put(view, applied, released),
            data: Box::new(move |_: &Change| Data::PreservationReleased { until, text }),
            render: Box::new(render),
        })
    })
    .await
}

/// The platform says that it has deleted what it kept, once that is over. Said again it changes nothing.
///
/// # Errors
/// As [`hold`].
pub async fn delete_preserved(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    deleted_at: Option<At>,
    render: Render,
) -> Result<Answer, Error> {
    let doing = doing(Action::DeletePreserved, id, None, expected);
    let by = caller.clone();
    act(cx, caller, doing, move |_, view, now| {
        let applied = decide_in_core(&by, view, Command::DeletePreserved, now)?;
        let kept = asked(view)?;
        let said = kept.ended.and_then(|ended| ended.deleted_at);
        let deleted_at = deleted_at.or(said).unwrap_or(now);
        let deleted = kept.delete(deleted_at, now).map_err(|why| match why {
            NotPreserved::Future(_) => invalid("/deleted_at", why),
            other => Error::Conflict(format!("{other}.")),
        })?;
        Ok(Acted {
            first: None,
            applied: put(view, applied, deleted),
            data: Box::new(move |_: &Change| Data::PreservationDeleted { deleted_at }),
            render: Box::new(render),
        })
    })
    .await
}

fn asked(view: &RequestView) -> Result<Preservation, Error> {
    view.preservation
        .clone()
        .ok_or_else(|| located(NotPreserved::None))
}

/// Puts what became of it in its place; `None` is no change, and then the request is none either.
fn put(view: &mut RequestView, applied: Applied, now: Option<Preservation>) -> Applied {
    match now {
        None => Applied::Unchanged(view.request.clone()),
        Some(now) => {
            view.preservation = Some(now);
            applied
        }
    }
}

fn located(why: NotPreserved) -> Error {
    match why {
        NotPreserved::Future(_) => invalid("/since", why),
        NotPreserved::TooShort { .. } => invalid("/until", why),
        NotPreserved::None
        | NotPreserved::Ended(_)
        | NotPreserved::Lasts(_)
        | NotPreserved::TooOften => Error::Conflict(format!("{why}.")),
    }
}

fn invalid(pointer: &str, why: NotPreserved) -> Error {
    Error::Invalid(vec![FieldError::new(pointer, why.to_string())])
}
