//! The one place where a change of a request is written: state, history, outbox and feed in the caller's transaction.

mod queue;

use std::collections::HashMap;

use takedown_core::history::{Author, Data, EntryDraft};
use takedown_core::id::{DecisionId, ItemId};
use takedown_core::preservation::{Preservation, takes_down};
use takedown_core::repeat::is_open;
use takedown_core::request::{
    Change, Clock, EventType, ItemRestoration, Request, Side, State, remind_at,
};
use takedown_core::time::At;
use uuid::Uuid;

use super::view::{InboxEvent, ItemView, RequestView};
use crate::app::log::append;
use crate::app::{Caller, Cx, Error};
use crate::store::decisions::{self, DecisionRow, ItemTaken};
use crate::store::repeats::{self, OpenIn};
use crate::store::requests::RequestProgress;
use crate::store::{Conn, StoreError, feed, requests};

pub(in crate::app::requests) use queue::queue_with;
pub use queue::{notify, queue};

/// Where a feed stands after a commit; those who wait for it are told once the commit is done.
#[derive(Debug, Clone)]
pub struct Published {
    party: String,
    position: i64,
}

impl Published {
    /// Where a feed stands that somebody else appended to.
    pub(in crate::app) const fn at(party: String, position: i64) -> Self {
        Self { party, position }
    }

    /// Wakes whoever waits for the feed: for [`crate::store::Store::write_then`], so that it happens after the commit
    /// and also when the caller has gone meanwhile.
    pub fn announce<T, P>(cx: &Cx) -> impl FnOnce(&(T, P)) + Send + use<T, P>
    where
        for<'a> &'a P: IntoIterator<Item = &'a Self>,
    {
        let cx = cx.clone();
        move |(_, published)| {
            for Self { party, position } in published {
                cx.feeds.appended(party, *position);
                cx.feeds.news.of(party);
                cx.wake.notify_one();
            }
        }
    }
}

/// Writes a transition that the core has decided. `view` is brought up to date with it.
///
/// # Errors
/// [`StoreError::Stale`] when another change came first: the store rolls back and the caller's closure starts over.
pub fn transition(
    conn: &mut Conn,
    cx: &Cx,
    caller: &Caller,
    view: &mut RequestView,
    change: &Change,
    data: Data,
    now: At,
) -> Result<Vec<Published>, Error> {
    keep(conn, cx, view, change, now)?;
    record(conn, cx, caller, view, change, data, now)
}

/// Writes what neither side brought about, but an uploader or the time. Whoever has to be told of it finds it in his feed.
///
/// # Errors
/// As [`transition`].
pub fn brought_about(
    conn: &mut Conn,
    cx: &Cx,
    author: Author,
    view: &mut RequestView,
    (change, data): (&Change, Data),
    now: At,
) -> Result<Vec<Published>, Error> {
    keep(conn, cx, view, change, now)?;
    let id = entry(conn, author, view, change, data, now)?;
    let told = change.notices.iter().map(|notice| party(view, notice.to));
    // Last: from here to the commit other writers to these parties' feeds wait.
    in_order(told.collect())
        .iter()
        .map(|to| publish(conn, cx, view, (&id, change.event), to, now))
        .collect()
}

/// Writes that what a request was about is destroyed. `view` has what is left already; `told` are the sides that see it in
/// their feeds.
///
/// # Errors
/// As [`transition`].
pub(super) fn erased(
    conn: &mut Conn,
    cx: &Cx,
    author: Author,
    view: &mut RequestView,
    (change, data, told): (&Change, Data, &[Side]),
    now: At,
) -> Result<Vec<Published>, Error> {
    keep(conn, cx, view, change, now)?;
    let id = entry(conn, author, view, change, data, now)?;
    let told = told.iter().map(|side| party(view, *side));
    // Last: from here to the commit other writers to these parties' feeds wait.
    in_order(told.chain(view.authority()).collect())
        .iter()
        .map(|to| publish(conn, cx, view, (&id, change.event), to, now))
        .collect()
}

fn keep(
    conn: &mut Conn,
    cx: &Cx,
    view: &mut RequestView,
    change: &Change,
    now: At,
) -> Result<(), Error> {
    view.not_erased()?;
    for (was, is) in view.request.items.iter().zip(&change.request.items) {
        if let (None, Some(withdrawal)) = (was.withdrawal, is.withdrawal) {
            decisions::withdraw_item(conn, &is.id.to_string(), &ItemTaken::of(withdrawal))?;
        }
    }
    let was_open = is_open(view.request.status());
    adopt(view, change, now);
    keep_what_was_taken_down(cx, view, change, now);
    decide(conn, view, change, now)?;
    let open = is_open(view.request.status());
    if open != was_open {
        let id = view.request.id.to_string();
        repeats::note_open(conn, &id, open_in(view, open))?;
    }
    requests::update(conn, &view.request.id.to_string(), &progress(view, now)?)?;
    Ok(())
}

/// What this change takes down has to be kept, where the law says so; it says so whatever was filed.
fn keep_what_was_taken_down(cx: &Cx, view: &mut RequestView, change: &Change, now: At) {
    let instrument = cx.powers.catalogue.get(view.request.instrument.as_str());
    let rule = instrument.and_then(|instrument| instrument.preservation.as_ref());
    for (_, outcome) in &change.decided {
        if takes_down(outcome.code) {
            view.preservation = Preservation::after_removal(
                view.preservation.take(),
                (view.request.kind, rule),
                outcome.effective_at,
                now,
            );
        }
    }
}

/// Writes the outcomes that were added.
fn decide(conn: &mut Conn, view: &RequestView, change: &Change, now: At) -> Result<(), Error> {
    let shown: HashMap<ItemId, &ItemView> = view.items.iter().map(|i| (i.item.id, i)).collect();
    for (id, outcome) in &change.decided {
        let row = DecisionRow {
            id: DecisionId::from_uuid(Uuid::now_v7()).to_string(),
            item_id: id.to_string(),
            outcome: outcome.code.as_str().to_owned(),
            detail: serde_json::to_string(outcome).map_err(StoreError::from)?,
            at: now.timestamp_millis(),
        };
        match shown.get(id).filter(|item| item.item.answer.is_some()) {
            Some(item) => decisions::answer(conn, &row, &item.answered()?)?,
            None => {
                let past = shown.get(id).map(|item| item.past()).transpose()?;
                decisions::decide(conn, &row, &past.unwrap_or_default())?;
            }
        }
    }
    Ok(())
}

/// To what the items of a request belong while it is open.
fn open_in(view: &RequestView, open: bool) -> OpenIn {
    OpenIn::new(
        &party(view, Side::Agency),
        &party(view, Side::Platform),
        view.filing.non_disclosure.is_some(),
        open,
    )
}

/// Writes the history entry, the notifications and the feed entry of a change whose state is already written.
pub fn record(
    conn: &mut Conn,
    cx: &Cx,
    caller: &Caller,
    view: &RequestView,
    change: &Change,
    data: Data,
    now: At,
) -> Result<Vec<Published>, Error> {
    let id = written(conn, caller, view, change, data, now)?;
    let readers = readers(caller, view, change);
    // Last: from here to the commit other writers to these parties' feeds wait.
    readers
        .iter()
        .map(|to| publish(conn, cx, view, (&id, change.event), to, now))
        .collect()
}

/// Writes the history entry and the notifications, and gives back the entry's identifier.
pub fn written(
    conn: &mut Conn,
    caller: &Caller,
    view: &RequestView,
    change: &Change,
    data: Data,
    now: At,
) -> Result<String, Error> {
    let author = if change.event.by_authority() {
        caller.as_authority()
    } else {
        caller.author()
    };
    entry(conn, author, view, change, data, now)
}

fn entry(
    conn: &mut Conn,
    author: Author,
    view: &RequestView,
    change: &Change,
    data: Data,
    now: At,
) -> Result<String, Error> {
    let event = change.event;
    let mut data = data.under(view.filing.non_disclosure.as_ref(), now);
    if let Some(kept) = data.kept_mut() {
        *kept = super::kept::of_view(view)?;
    }
    let id = append(conn, &EntryDraft::of(change, author, now, data))?;
    for notice in &change.notices {
        notify(conn, view, *notice, now)?;
    }
    if let Some(authority) = view.authority().filter(|_| event.concerns_authority()) {
        queue(conn, view, (authority, Side::Agency), event.as_str(), now)?;
    }
    Ok(id)
}

/// Feeds in the one order in which every commit takes them, so that no two wait for each other: platforms before agencies.
fn in_order(mut feeds: Vec<String>) -> Vec<String> {
    feeds.sort_unstable_by(|one, other| other.cmp(one));
    feeds.dedup();
    feeds
}

/// Whose feeds show an event.
fn readers(caller: &Caller, view: &RequestView, change: &Change) -> Vec<String> {
    let event = change.event;
    let mut readers: Vec<String> = if event.by_authority() {
        change.notices.iter().map(|n| party(view, n.to)).collect()
    } else {
        let other = caller.actor.side().map(Side::other);
        other.map(|side| party(view, side)).into_iter().collect()
    };
    readers.extend(view.authority().filter(|_| event.concerns_authority()));
    in_order(readers)
}

/// Appends an event to a party's feed.
pub fn publish(
    conn: &mut Conn,
    cx: &Cx,
    view: &RequestView,
    (id, event): (&str, EventType),
    to: &str,
    now: At,
) -> Result<Published, Error> {
    let position = feed::append(conn, to, |position| {
        (cx.settings.render_event)(&InboxEvent {
            id: id.to_owned(),
            position,
            event,
            at: now,
            request: view,
        })
    })?;
    Ok(Published {
        party: to.to_owned(),
        position,
    })
}

/// The columns that follow from a request's present state.
pub fn progress(view: &RequestView, now: At) -> Result<RequestProgress, StoreError> {
    let Request {
        state,
        clock,
        version,
        ..
    } = &view.request;
    let millis = |at: Option<At>| at.map(|at| at.timestamp_millis());
    let kept = view.preservation.as_ref();
    Ok(RequestProgress {
        status: view.request.status().as_str().to_owned(),
        result: view.request.result().map(|r| r.as_str().to_owned()),
        version: *version,
        platform_reference: view.platform_reference.clone(),
        undecided_count: view.undecided_count,
        taken_back_count: view.taken_back_count,
        fetched_at: millis(state.fetched_at()),
        acknowledged_at: millis(state.acknowledged_at()),
        closed_at: millis(state.closed_at()),
        withdrawn_at: millis(state.withdrawn_at()),
        due_at: millis(clock.due_at()),
        remind_at: millis(reminder(clock, now)),
        updated_at: now.timestamp_millis(),
        state: serde_json::to_string(state)?,
        clock: serde_json::to_string(clock)?,
        withdrawal: match state {
            State::Withdrawn { reason, .. } => Some(reason.as_str().to_owned()),
            _ => None,
        },
        restoration: match view.restoration {
            ItemRestoration::NotAsked => None,
            asked => Some(asked.as_str().to_owned()),
        },
        preservation: kept.map(serde_json::to_string).transpose()?,
        preservation_status: kept.map(|kept| kept.status().as_str().to_owned()),
        preservation_until: millis(kept.map(|kept| kept.until)),
        preservation_due: millis(kept.and_then(Preservation::due_at)),
        doubted_at: millis(view.request.doubted_at),
    })
}

/// When the other side is to be reminded: never of a deadline that has passed, never of a clock that does not run.
fn reminder(clock: &Clock, now: At) -> Option<At> {
    let Clock::Running { due_at, .. } = clock else {
        return None;
    };
    remind_at(clock).filter(|_| *due_at > now)
}

fn adopt(view: &mut RequestView, change: &Change, now: At) {
    for (item, is) in view.items.iter_mut().zip(&change.request.items) {
        item.adopt(is, now);
    }
    let taken_back = change
        .request
        .items
        .iter()
        .filter(|i| i.withdrawal.is_some());
    view.taken_back_count = i32::try_from(taken_back.count()).unwrap_or(i32::MAX);
    view.restoration = change.request.restoration();
    view.undecided_count = i32::try_from(change.request.undecided().len()).unwrap_or(i32::MAX);
    view.request = change.request.clone();
}

fn party(view: &RequestView, side: Side) -> String {
    match side {
        Side::Agency => view.request.agency.to_string(),
        Side::Platform => view.request.platform.to_string(),
    }
}
