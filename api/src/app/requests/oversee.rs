//! What the two sides do about other authorities: scrutiny asked for, a copy sent by hand, an order that is final.

use takedown_core::history::{Data, Digest};
use takedown_core::instrument::Catalogue;
use takedown_core::oversight::{
    CopySent, FinalHow, Finality, FinalityError, Requester, Scrutiny, ScrutinyError,
};
use takedown_core::policy::Action;
use takedown_core::request::{Applied, Change, Command};
use takedown_core::time::At;

use super::answer::{Acted, Doing, Expected, Render, act, decide_in_core};
use super::oversight::keep;
use super::view::RequestView;
use crate::app::once::Answer;
use crate::app::{Caller, Cx, Error, FieldError};
use crate::store::oversight;

/// Who asks for scrutiny.
#[derive(Debug, Clone, Copy)]
pub struct AskedScrutiny {
    /// The platform itself, or the content provider.
    pub by: Requester,
    /// When the content provider was told, where it is he.
    pub informed_at: Option<At>,
}

/// The platform asks the authority of its country to scrutinise an order, for itself or for the content provider.
///
/// # Errors
/// [`Error::Conflict`] when it is too late or cannot be, [`Error::Invalid`], [`Error::NotFound`], [`Error::Refused`],
/// [`Error::StaleVersion`], and those of the store.
pub async fn ask_scrutiny(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    asked: AskedScrutiny,
    render: Render,
) -> Result<Answer, Error> {
    let by = caller.clone();
    let doing = doing(Action::AskScrutiny, id, expected);
    act(cx, caller, doing, move |conn, view, now| {
        let applied = decide_in_core(&by, view, Command::AskScrutiny, now)?;
        let scrutiny = scrutiny_of(view)?;
        // Whoever has not read it cannot ask: the core refused that.
        let received_at = view.request.state.fetched_at().unwrap_or(now);
        let scrutiny = scrutiny
            .ask(asked.by, received_at, asked.informed_at, now)
            .map_err(refused)?;
        view.oversight.core.scrutiny = Some(scrutiny);
        keep(conn, view)?;
        let data = Data::ScrutinyAsked {
            by: asked.by,
            informed_at: asked.informed_at,
        };
        Ok(acted(applied, data, render))
    })
    .await
}

/// The agency records that it sent the copy of an order by another way.
///
/// # Errors
/// [`Error::Conflict`] when there is nothing to send by hand, [`Error::Invalid`] for a time that cannot be; otherwise as
/// [`ask_scrutiny`].
pub async fn record_copy(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    (to, sent_at): (String, At),
    render: Render,
) -> Result<Answer, Error> {
    let by = caller.clone();
    let doing = doing(Action::RecordCopy, id, expected);
    act(cx, caller, doing, move |conn, view, now| {
        let applied = decide_in_core(&by, view, Command::RecordCopy, now)?;
        let scrutiny = scrutiny_of(view)?;
        // Said again it changes nothing.
        let said = CopySent::ByHand {
            to: to.clone(),
            at: sent_at,
        };
        if scrutiny.copy == said {
            let unchanged = Applied::Unchanged(view.request.clone());
            return Ok(acted(unchanged, data_of(&to, sent_at), render));
        }
        let filed_at = view.request.filed_at;
        let scrutiny = scrutiny
            .sent_by_hand(to.clone(), sent_at, filed_at, now)
            .map_err(refused)?;
        view.oversight.core.scrutiny = Some(scrutiny);
        keep(conn, view)?;
        Ok(acted(applied, data_of(&to, sent_at), render))
    })
    .await
}

fn data_of(to: &str, sent_at: At) -> Data {
    Data::OrderCopied {
        to: Digest::of(to),
        sent_at,
    }
}

/// The agency records that an order is final.
///
/// # Errors
/// [`Error::Conflict`] when it is recorded already or the instrument knows no such thing, [`Error::Invalid`] for a time
/// that cannot be; otherwise as [`ask_scrutiny`].
pub async fn record_final(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    (how, final_at): (FinalHow, At),
    render: Render,
) -> Result<Answer, Error> {
    let by = caller.clone();
    let doing = doing(Action::RecordFinal, id, expected);
    let powers = cx.powers.clone();
    act(cx, caller, doing, move |conn, view, now| {
        let applied = decide_in_core(&by, view, Command::RecordFinal, now)?;
        let instrument = view.request.instrument.as_str();
        let known = powers.catalogue.get(instrument);
        let known = known.or_else(|| Catalogue::builtin().get(instrument));
        if known.is_none_or(|instrument| instrument.finality.is_none()) {
            return Err(Error::Conflict(format!(
                "Orders under {instrument} are not recorded as final."
            )));
        }
        let before = view.oversight.core.finality.as_ref();
        let finality = Finality::record(before, how, final_at, view.request.filed_at, now)
            .map_err(|error| match error {
                FinalityError::Twice => Error::Conflict(format!("{error}.")),
                FinalityError::Future | FinalityError::BeforeFiling => {
                    Error::Invalid(vec![FieldError::new("/final_at", error.to_string())])
                }
            })?;
        view.oversight.core.finality = Some(finality);
        keep(conn, view)?;
        oversight::finalise(
            conn,
            &view.request.id.to_string(),
            &view.platform.id.to_string(),
            instrument,
            final_at.timestamp_millis(),
        )?;
        Ok(acted(applied, Data::OrderFinal { how, final_at }, render))
    })
    .await
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

fn acted(applied: Applied, data: Data, render: Render) -> Acted {
    Acted {
        first: None,
        applied,
        data: Box::new(move |_: &Change| data),
        render: Box::new(render),
    }
}

/// The scrutiny of an order that crosses a border.
pub(in crate::app) fn scrutiny_of(view: &RequestView) -> Result<Scrutiny, Error> {
    view.oversight.core.scrutiny.clone().ok_or_else(|| {
        Error::Conflict(
            "No other authority gets a copy of this order: it does not cross a border between Member States, or its \
             instrument knows no such copy."
                .into(),
        )
    })
}

/// A refusal of the core: of a value where one is wrong, else of the moment.
pub(in crate::app) fn refused(error: ScrutinyError) -> Error {
    match &error {
        ScrutinyError::CopyTime(_) => invalid("/sent_at", &error),
        ScrutinyError::InformedAt(_) => invalid("/informed_at", &error),
        ScrutinyError::Copied
        | ScrutinyError::NobodyToAsk(_)
        | ScrutinyError::AskedAlready(_)
        | ScrutinyError::AskedLate { .. }
        | ScrutinyError::InitiativeOver { .. }
        | ScrutinyError::NotAnnounced(_)
        | ScrutinyError::Decided(_) => Error::Conflict(format!("{error}.")),
    }
}

fn invalid(pointer: &str, error: &ScrutinyError) -> Error {
    Error::Invalid(vec![FieldError::new(pointer, error.to_string())])
}
