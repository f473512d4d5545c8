//! What uploaders object to: read by the platform, answered by it, seen by the agency without its words.

mod page;

use std::collections::HashMap;

use takedown_core::history::{Content, Data, Digest};
use takedown_core::id::{MessageId, ObjectionId};
use takedown_core::objection::{
    Answer as Answered, Objection, ObjectionOutcome, ObjectionState, restored,
};
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::request::{Applied, Change, Command, RevisionReason, Status};
use takedown_core::time::At;

use super::answer::{Acted, Doing, Expected, act, decide_in_core};
use super::commit::transition;
use super::filing::Text;
use super::load::{identifier, scope_of};
use super::message::keep_objection_answer;
use super::view::RequestView;
use crate::app::once::Answer;
use crate::app::parties::{instant, parsed};
use crate::app::{Caller, Cx, Error, FieldError, reads};
use crate::store::objections::{self, ObjectionRow, Wanted};
use crate::store::{Conn, StoreError, requests};

pub use page::{Looked, Told, look, object};

/// An objection as it is listed.
#[derive(Debug, Clone)]
pub struct ObjectionView {
    /// What decisions depend on.
    pub objection: Objection,
    /// The request it belongs to.
    pub request: String,
    /// The words; for the platform and its auditors.
    pub words: Option<Spoken>,
}

/// What was said.
#[derive(Debug, Clone)]
pub struct Spoken {
    /// The message in which the uploader said it.
    pub message: String,
    /// By the uploader.
    pub text: Text,
    /// By the platform.
    pub answer: Option<Text>,
}

/// Which objections to list.
#[derive(Debug, Clone)]
pub struct Objections {
    /// Of this request, as the caller wrote it; none means of all that he may see.
    pub request: Option<String>,
    /// Only those that are not answered yet (`true`), or only those that are (`false`).
    pub open: Option<bool>,
    /// After this one.
    pub after: Option<String>,
    /// How many at the most.
    pub limit: i64,
}

/// The objections that the caller may see, oldest first.
///
/// # Errors
/// [`Error::NotFound`] when there is no such request that the caller may see.
pub async fn objections(
    cx: &Cx,
    caller: &Caller,
    list: Objections,
) -> Result<Vec<ObjectionView>, Error> {
    let action = match list.request {
        Some(_) => Action::ListObjectionsOfRequest,
        None => Action::ListObjections,
    };
    authorize(&caller.actor, action, &Resource::Exchange)?;
    let scope = scope_of(&caller.actor)?;
    let wanted = Wanted {
        request: list.request.as_deref().map(identifier).transpose()?,
        open: list.open,
        after: list.after,
    };
    let words_too = caller.reads_uploaders();
    let found = cx
        .store
        .read(move |conn| {
            if let Some(request) = &wanted.request {
                requests::find(conn, &scope, request)?.ok_or(Error::NotFound)?;
            }
            let rows = objections::list(conn, &scope, &wanted, list.limit)?;
            let words = if words_too {
                words(conn, &rows)?
            } else {
                HashMap::new()
            };
            let views = rows.iter().map(|row| view(row, &words));
            Ok::<_, Error>(views.collect::<Result<Vec<_>, StoreError>>()?)
        })
        .await?;
    // Without the words it says no more than the request itself.
    let spoken = found.iter().filter(|one| one.words.is_some());
    let read = spoken.map(|one| {
        Ok::<_, StoreError>(Data::RequestRead {
            request: parsed("request id", &one.request)?,
            version: None,
            content: Content::Objections,
        })
    });
    let read = read.collect::<Result<Vec<_>, _>>()?;
    reads::enter(cx, caller.author(), read).await?;
    Ok(found)
}

/// The words of all messages that these objections name, by identifier.
fn words(conn: &mut Conn, rows: &[ObjectionRow]) -> Result<HashMap<String, Text>, StoreError> {
    let ids: Vec<String> = rows
        .iter()
        .flat_map(|row| [Some(&row.message_id), row.answer_id.as_ref()])
        .flatten()
        .cloned()
        .collect();
    let found = objections::words(conn, &ids)?.into_iter();
    found
        .map(|(id, text, language)| {
            let language = parsed("language", &language)?;
            Ok((id, Text { text, language }))
        })
        .collect()
}

fn view(row: &ObjectionRow, words: &HashMap<String, Text>) -> Result<ObjectionView, StoreError> {
    let said = |id: &String| words.get(id).cloned();
    Ok(ObjectionView {
        objection: of(row)?,
        request: row.request_id.clone(),
        words: said(&row.message_id).map(|text| Spoken {
            message: row.message_id.clone(),
            text,
            answer: row.answer_id.as_ref().and_then(said),
        }),
    })
}

fn of(row: &ObjectionRow) -> Result<Objection, StoreError> {
    let state = match (&row.outcome, row.answered_at) {
        (Some(outcome), Some(at)) => ObjectionState::Answered(Answered {
            outcome: parsed("outcome", outcome)?,
            at: instant(at)?,
            restored: row.restored,
            corrections: row.corrections,
        }),
        _ => ObjectionState::Made,
    };
    Ok(Objection {
        id: parsed("objection id", &row.id)?,
        item: parsed("item id", &row.item_id)?,
        made_at: instant(row.made_at)?,
        state,
    })
}

/// What the platform answers.
#[derive(Debug, Clone)]
pub struct NewAnswer {
    /// How it decided.
    pub outcome: ObjectionOutcome,
    /// What the uploader reads.
    pub text: Text,
    /// Whether the item is put back in the same commit.
    pub restore: bool,
}

/// Answers an objection; with `restore` the item is put back in the same commit. The same answer again changes nothing,
/// another one takes the place of the first.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`] when there is nothing to restore, and those of the store.
pub async fn answer_objection(
    cx: &Cx,
    caller: &Caller,
    (request, objection): (String, String),
    expected: Expected,
    new: NewAnswer,
    render: fn(&ObjectionView, i32) -> Answer,
) -> Result<Answer, Error> {
    let doing = Doing {
        action: Action::AnswerObjection,
        id: request,
        key: None,
        expected,
        version_required: false,
    };
    // Parsed behind the policy's and the request's own answers, which do not depend on it.
    let wanted = objection.parse::<ObjectionId>().map(|id| id.to_string());
    let (by, cx2) = (caller.clone(), cx.clone());
    act(cx, caller, doing, move |conn, view, now| {
        let wanted = wanted.as_ref().map_err(|_| Error::NotFound)?;
        let request = view.request.id.to_string();
        let row = objections::find(conn, &request, wanted)?.ok_or(Error::NotFound)?;
        let mut objection = of(&row)?;
        let said = words(conn, std::slice::from_ref(&row))?;
        let text = said
            .get(&row.message_id)
            .cloned()
            .ok_or_else(|| StoreError::Inconsistent(format!("{wanted} has no words")))?;
        let before = row.answer_id.as_ref().and_then(|id| said.get(id));
        let same = objection.state.answer().is_some_and(|answer| {
            answer.outcome == new.outcome
                && answer.restored == new.restore
                && before == Some(&new.text)
        });
        let mut applied = Applied::Unchanged(view.request.clone());
        if !same {
            answer(conn, (&cx2, &by), view, (&row, &mut objection), &new, now)?;
            applied = Applied::Changed(view.request.clone().objection_answered()?);
        }
        let data = told(&objection, &new);
        let seen = ObjectionView {
            objection,
            request,
            words: Some(Spoken {
                message: row.message_id,
                text,
                answer: Some(new.text.clone()),
            }),
        };
        Ok(Acted {
            first: None,
            applied,
            data: Box::new(move |_: &Change| data),
            render: Box::new(move |view, _| render(&seen, view.request.version)),
        })
    })
    .await
}

fn told(objection: &Objection, new: &NewAnswer) -> Data {
    Data::ObjectionAnswered {
        objection: objection.id,
        item: objection.item,
        outcome: new.outcome,
        restored: new.restore,
        correction: objection
            .state
            .answer()
            .is_some_and(|answer| answer.corrections > 0),
        text: Digest::of(&new.text.text),
    }
}

fn answer(
    conn: &mut Conn,
    (cx, by): (&Cx, &Caller),
    view: &mut RequestView,
    (row, objection): (&ObjectionRow, &mut Objection),
    new: &NewAnswer,
    now: At,
) -> Result<(), Error> {
    let item = view.request.item(objection.item).ok_or(Error::NotFound)?;
    let item = item.clone();
    objection
        .answer(&item, new.outcome, new.restore, now)
        .map_err(|why| Error::Invalid(vec![FieldError::new("/restore", why.to_string())]))?;
    if new.restore
        && let Some(undone) = &item.outcome
    {
        let outcomes = vec![(item.id, restored(undone, now))];
        let taken_back = view.request.status() == Status::Withdrawn || item.withdrawal.is_some();
        let reason = RevisionReason::AppealUpheld;
        let command = if taken_back {
            Command::Decide(outcomes)
        } else {
            Command::Revise { reason, outcomes }
        };
        if let Applied::Changed(change) = decide_in_core(by, view, command, now)? {
            let data = if taken_back {
                Data::decided(&change)
            } else {
                Data::revised(&change, reason)
            };
            // Told with what follows: the answer goes into the same feed, behind it.
            transition(conn, cx, by, view, &change, data, now)?;
        }
    }
    let message: MessageId = parsed("message id", &row.message_id)?;
    let kept = keep_objection_answer(conn, view, &new.text, (item.id, message), now)?;
    let corrections = objection.state.answer().map_or(0, |a| a.corrections);
    let answered = objections::Answered {
        outcome: new.outcome.as_str().to_owned(),
        restored: new.restore,
        corrections,
        answer_id: kept.id,
        answered_at: now.timestamp_millis(),
    };
    Ok(objections::answer(conn, row, &answered)?)
}
