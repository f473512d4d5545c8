//! What the two sides do with a request: acknowledge, decide, close.

use takedown_core::history::{Content, Data};
use takedown_core::id::ItemId;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::request::{
    Applied, Change, Command, Illegal, MAX_ITEMS, Outcome, Request, RevisionReason,
};
use takedown_core::time::At;

use super::commit::{Published, transition};
use super::load::{self, scope_of};
use super::view::{RequestView, from_rows};
use crate::app::once::{Answer, Once, once};
use crate::app::{Caller, Cx, Error, FieldError, reads};
use crate::store::Conn;
use crate::store::requests::{self, Scope};

/// The version a caller has read, from `If-Match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// No `If-Match` was sent.
    Nothing,
    /// `*`: whatever it is.
    Any,
    /// This one.
    Version(i32),
}

impl Expected {
    pub(in crate::app) fn check(self, current: i32, required: bool) -> Result<(), Error> {
        match self {
            Self::Nothing if required => Err(Error::VersionRequired),
            Self::Version(version) if version != current => Err(Error::StaleVersion(current)),
            Self::Nothing | Self::Any | Self::Version(_) => Ok(()),
        }
    }
}

/// What a caller wants of one request.
pub(in crate::app) struct Doing {
    pub action: Action,
    pub id: String,
    pub key: Option<Once>,
    pub expected: Expected,
    /// Whether the caller must say which version he has read.
    pub version_required: bool,
}

/// How a view is answered.
pub type Render = fn(&RequestView, &Caller) -> Answer;

/// Does one thing to one request: finds it in the caller's scope, lets the core decide, writes the change.
///
/// `work` runs inside the transaction on the request as it is there, and again when the change lost a race.
pub(super) async fn act<W>(cx: &Cx, caller: &Caller, doing: Doing, work: W) -> Result<Answer, Error>
where
    W: Fn(&mut Conn, &mut RequestView, At) -> Result<Acted, Error> + Send + 'static,
{
    authorize(&caller.actor, doing.action, &Resource::Exchange)?;
    act_within(cx, caller, scope_of(&caller.actor)?, doing, work).await
}

/// As [`act`], for a caller who was authorised and whose scope is another than that of his own requests.
pub(in crate::app) async fn act_within<W>(
    cx: &Cx,
    caller: &Caller,
    scope: Scope,
    doing: Doing,
    work: W,
) -> Result<Answer, Error>
where
    W: Fn(&mut Conn, &mut RequestView, At) -> Result<Acted, Error> + Send + 'static,
{
    let id = load::identifier(&doing.id)?;
    let now = cx.now();
    let by = match scope {
        Scope::Copied(_) => caller.as_authority(),
        _ => caller.author(),
    };
    let (cx2, caller2) = (cx.clone(), caller.clone());
    let ((answer, read), _) = cx
        .store
        .write_then(
            move |conn| {
                // Before the key is looked up: a second call with it must find the answer of the first.
                let row = load::hold(conn, &scope, &id)?;
                let mut published = Vec::new();
                let mut read = None;
                let answer = once(
                    conn,
                    &caller2.client.to_string(),
                    doing.key.as_ref(),
                    now,
                    |conn| {
                        let items = requests::items(conn, &row.id)?;
                        let (agency, platform) =
                            load::parties_within(&cx2, conn, &row.agency_id, &row.platform_id)?;
                        let mut view = from_rows(row, items, agency, platform)?;
                        view.not_erased()?;
                        doing
                            .expected
                            .check(view.request.version, doing.version_required)?;
                        let Acted {
                            first,
                            applied,
                            data,
                            render,
                        } = work(conn, &mut view, now)?;
                        let mut changes = Vec::from_iter(first);
                        if let Applied::Changed(change) = applied {
                            let data = data(&change);
                            changes.push((change, data));
                        }
                        if changes.is_empty() {
                            // Said again it is answered with the request all the same.
                            read = Some((view.request.id, view.request.version));
                        }
                        for (change, data) in changes {
                            let by = &caller2;
                            let told = transition(conn, &cx2, by, &mut view, &change, data, now)?;
                            published.extend(told);
                        }
                        Ok(render(&view, &caller2))
                    },
                )?;
                Ok::<_, Error>(((answer, read), published))
            },
            Published::announce(cx),
        )
        .await?;
    if let Some((request, version)) = read {
        let read = Data::RequestRead {
            request,
            version: Some(version),
            content: Content::Request,
        };
        reads::enter(cx, by, vec![read]).await?;
    }
    Ok(answer)
}

/// From a change to what the history keeps of it.
pub(in crate::app) type Recount = Box<dyn FnOnce(&Change) -> Data>;
/// From the request as it is now to the answer.
pub(in crate::app) type Tell = Box<dyn FnOnce(&RequestView, &Caller) -> Answer>;

/// What came of the work, and how to tell it.
pub(in crate::app) struct Acted {
    /// A change that comes before the other, in the same commit.
    pub first: Option<(Change, Data)>,
    pub applied: Applied,
    /// What the history keeps of it.
    pub data: Recount,
    pub render: Tell,
}

/// Lets the core decide on the caller's behalf.
pub(super) fn decide_in_core(
    caller: &Caller,
    view: &RequestView,
    command: Command,
    now: At,
) -> Result<Applied, Error> {
    let side = caller.actor.side().ok_or(Error::NotFound)?;
    Ok(view.request.clone().apply(command, side, now)?)
}

/// "We have it." Said again it changes nothing, unless it brings another reference of the platform's: that one takes
/// the place of the former, with an entry of its own, since the agency quotes it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Illegal`], [`Error::StaleVersion`], and those of the store.
pub async fn acknowledge(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    platform_reference: Option<String>,
    render: Render,
) -> Result<Answer, Error> {
    let doing = Doing {
        action: Action::Acknowledge,
        id,
        key: None,
        expected,
        version_required: false,
    };
    let by = caller.clone();
    act(cx, caller, doing, move |_, view, now| {
        let mut applied = decide_in_core(&by, view, Command::Acknowledge, now)?;
        if platform_reference.is_some() && platform_reference != view.platform_reference {
            if matches!(applied, Applied::Unchanged(_)) {
                applied = decide_in_core(&by, view, Command::Refer, now)?;
            }
            view.platform_reference.clone_from(&platform_reference);
        }
        let reference = platform_reference.clone();
        let data = Box::new(|_: &Change| Data::acknowledged(reference, None));
        Ok(Acted {
            first: None,
            applied,
            data,
            render: Box::new(render),
        })
    })
    .await
}

/// Outcomes for items, or one for all that are undecided.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The items; none means every item that is still undecided.
    pub items: Option<Vec<ItemId>>,
    /// What became of them.
    pub outcome: Outcome,
    /// Whether the platform said itself when it took effect; if not, what was said before goes on.
    pub dated: bool,
}

/// Decides items; with a reason, puts other outcomes in the place of those that were given.
///
/// # Errors
/// [`Error::Invalid`] when an outcome is not acceptable, naming which; otherwise as [`acknowledge`].
pub async fn decide(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    key: Option<Once>,
    (decisions, revision): (Vec<Decision>, Option<RevisionReason>),
    render: Render,
) -> Result<Answer, Error> {
    let doing = Doing {
        action: Action::Decide,
        id,
        key,
        expected,
        version_required: true,
    };
    let by = caller.clone();
    act(cx, caller, doing, move |_, view, now| {
        let mut outcomes: Vec<(ItemId, Outcome)> = Vec::new();
        let mut from = Vec::new();
        for (index, decision) in decisions.iter().enumerate() {
            let items = decision
                .items
                .clone()
                .unwrap_or_else(|| view.request.undecided());
            if items.is_empty() {
                return Err(Error::Invalid(vec![FieldError::new(
                    format!("/decisions/{index}/items"),
                    "no item is left to decide; name the items that are to be decided again",
                )]));
            }
            // Every decision may say "all that are undecided": a small body must not become a million outcomes.
            if outcomes.len() + items.len() > MAX_ITEMS {
                return Err(Error::Invalid(vec![FieldError::new(
                    format!("/decisions/{index}"),
                    format!(
                        "with this one the call has more than {MAX_ITEMS} outcomes; each item is decided once in a call"
                    ),
                )]));
            }
            for (place, item) in items.into_iter().enumerate() {
                let outcome = decision.outcome.clone();
                outcomes.push(if decision.dated {
                    (item, outcome)
                } else {
                    (item, view.request.undated(item, outcome))
                });
                from.push((index, place));
            }
        }
        let side = by.actor.side().ok_or(Error::NotFound)?;
        let (mut request, mut done) = (view.request.clone(), Vec::new());
        for (command, places) in commands(&view.request, outcomes, revision) {
            let applied = request.clone().apply(command, side, now).map_err(|why| {
                let from = places.iter().filter_map(|place| from.get(*place));
                locate(why.into(), &from.copied().collect::<Vec<_>>())
            })?;
            request = applied.request().clone();
            done.extend(applied.change());
        }
        let data = move |change: &Change| match revision {
            Some(reason) => Data::revised(change, reason),
            None => Data::decided(change),
        };
        let last = done.pop();
        let first = done.pop().map(|change| {
            let data = data(&change);
            (change, data)
        });
        Ok(Acted {
            first,
            applied: last.map_or(Applied::Unchanged(request), Applied::Changed),
            data: Box::new(data),
            render: Box::new(render),
        })
    })
    .await
}

/// What the outcomes of one call come to, each with the places of its outcomes in the call: the answers to a restoration
/// are a change of their own, after the decisions, so that both are told for what they are.
fn commands(
    request: &Request,
    outcomes: Vec<(ItemId, Outcome)>,
    revision: Option<RevisionReason>,
) -> Vec<(Command, Vec<usize>)> {
    if let Some(reason) = revision {
        let places = (0..outcomes.len()).collect();
        return vec![(Command::Revise { reason, outcomes }, places)];
    }
    let (answers, decisions) = request.apart(&outcomes);
    [decisions, answers]
        .into_iter()
        .filter(|places| !places.is_empty())
        .map(|places| {
            let of = places.iter().filter_map(|place| outcomes.get(*place));
            (Command::Decide(of.cloned().collect()), places)
        })
        .collect()
}

/// Points at the decision that was refused rather than at the item's place in the flattened list.
fn locate(error: Error, from: &[(usize, usize)]) -> Error {
    let Error::Refused(illegal) = error else {
        return error;
    };
    let Illegal::Outcomes(refused) = *illegal else {
        return Error::Refused(illegal);
    };
    Error::Invalid(
        refused
            .into_iter()
            .map(|r| {
                let (decision, place) = from.get(r.index).copied().unwrap_or_default();
                let member = r.why.member();
                let pointer = if member == "items" {
                    format!("/decisions/{decision}/items/{place}")
                } else {
                    format!("/decisions/{decision}/{member}")
                };
                FieldError::new(pointer, format!("{}: {}", r.item, r.why))
            })
            .collect(),
    )
}

/// Closes; `rest` answers every item that is still undecided.
///
/// # Errors
/// [`Error::Illegal`] while items are undecided and `rest` is not given; otherwise as [`decide`].
pub async fn close(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    rest: Option<Outcome>,
    render: Render,
) -> Result<Answer, Error> {
    let doing = Doing {
        action: Action::Close,
        id,
        key: None,
        expected,
        version_required: true,
    };
    let by = caller.clone();
    act(cx, caller, doing, move |_, view, now| {
        let command = Command::Close { rest: rest.clone() };
        let applied = decide_in_core(&by, view, command, now).map_err(|error| match error {
            Error::Refused(illegal) => match *illegal {
                Illegal::Outcomes(refused) => Error::Invalid(
                    refused
                        .into_iter()
                        .take(1)
                        .map(|r| {
                            FieldError::new(
                                format!("/remaining/{}", r.why.member()),
                                r.why.to_string(),
                            )
                        })
                        .collect(),
                ),
                other => Error::Refused(Box::new(other)),
            },
            other => other,
        })?;
        Ok(Acted {
            first: None,
            applied,
            data: Box::new(|change: &Change| Data::closed(change, None)),
            render: Box::new(render),
        })
    })
    .await
}
