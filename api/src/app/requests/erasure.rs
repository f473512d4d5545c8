//! Destroying what a request was about. That it was, who asked whom, and what came of it stay.

mod hold;
mod scrub;

pub use hold::{Hold, hold_of, lift_hold, place_hold};

use takedown_core::history::{Author, By, Data, Subject, Via};
use takedown_core::id::EntryId;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::request::{EventType, ItemRestoration, Side};
use takedown_core::retention::{
    self as core, Class, ContentGone, ErasureReason, ItemLeft, Standing, tells,
};
use takedown_core::time::At;

use super::answer::{Expected, Render};
use super::commit::{self, Published};
use super::load::{self, scope_of};
use super::view::{RequestView, from_rows};
use crate::app::export::EVERYTHING;
use crate::app::once::{Answer, Once, once};
use crate::app::parties::parsed;
use crate::app::registering::record;
use crate::app::{Caller, Cx, Error};
use crate::store::collections;
use crate::store::erasure::{self, EntryBytes, ItemColumns, RequestLeft, ageing};
use crate::store::requests::{self, ItemRow, RequestRow, Scope};
use crate::store::{Conn, StoreError};

/// Why a request is erased before its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordered {
    /// Why.
    pub reason: ErasureReason,
    /// The file number of whoever ordered it.
    pub reference: Option<String>,
}

/// A request as it is stored, and what is made of it.
struct Whole {
    row: RequestRow,
    items: Vec<ItemRow>,
    view: RequestView,
}

/// Erases a request before its time, on its agency's decision.
///
/// # Errors
/// [`Error::Conflict`] while it is needed, [`Error::NotFound`], [`Error::StaleVersion`], [`Error::KeyMismatch`], and those of
/// the store.
pub async fn erase(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    (expected, key): (Expected, Option<Once>),
    ordered: Ordered,
    render: Render,
) -> Result<Answer, Error> {
    authorize(&caller.actor, Action::EraseRequest, &Resource::Exchange)?;
    let (scope, id) = (scope_of(&caller.actor)?, load::identifier(id)?);
    let (cx2, caller) = (cx.clone(), caller.clone());
    let now = cx.now();
    let (answer, _) = cx
        .store
        .write_then(
            move |conn| {
                // Before the key is looked up: a second call with it must find the answer of the first.
                let row = load::hold(conn, &scope, &id)?;
                let client = caller.client.to_string();
                let mut published = Vec::new();
                let answer = once(conn, &client, key.as_ref(), now, |conn| {
                    let mut whole = Whole::of(conn, &cx2, row)?;
                    expected.check(whole.view.request.version, true)?;
                    let by = (caller.author(), Some(&ordered));
                    published = whole.erase(conn, &cx2, by, &[Side::Platform], now)?;
                    Ok(render(&whole.view, &caller))
                })?;
                Ok::<_, Error>((answer, published))
            },
            Published::announce(cx),
        )
        .await?;
    Ok(answer)
}

/// Erases a request that nobody changed since `until`; false when it was changed meanwhile or is still needed.
///
/// # Errors
/// Those of the store.
pub(in crate::app) async fn erase_old(cx: &Cx, id: String, until: i64) -> Result<bool, Error> {
    let cx2 = cx.clone();
    let now = cx.now();
    let (done, _) = cx
        .store
        .write_then(
            move |conn| {
                let row = load::hold(conn, &Scope::All, &id)?;
                if row.updated_at > until {
                    return Ok((false, Vec::new()));
                }
                let mut whole = Whole::of(conn, &cx2, row)?;
                let by = Author {
                    by: By::System,
                    via: Via::Worker,
                    client: None,
                };
                let both = [Side::Platform, Side::Agency];
                match whole.erase(conn, &cx2, (by, None), &both, now) {
                    Ok(published) => Ok((true, published)),
                    // It asks before it writes anything.
                    Err(Error::Conflict(_)) => Ok((false, Vec::new())),
                    Err(other) => Err(other),
                }
            },
            Published::announce(cx),
        )
        .await?;
    Ok(done)
}

impl Whole {
    fn of(conn: &mut Conn, cx: &Cx, row: RequestRow) -> Result<Self, Error> {
        let items = requests::items(conn, &row.id)?;
        let (agency, platform) = load::parties_within(cx, conn, &row.agency_id, &row.platform_id)?;
        let view = from_rows(row.clone(), items.clone(), agency, platform)?;
        Ok(Self { row, items, view })
    }

    fn erase(
        &mut self,
        conn: &mut Conn,
        cx: &Cx,
        (by, ordered): (Author, Option<&Ordered>),
        told: &[Side],
        now: At,
    ) -> Result<Vec<Published>, Error> {
        let Self { row, items, view } = self;
        let standing = standing(conn, view, now)?;
        let may = ordered.map_or_else(
            || standing.may_erase(now),
            |why| standing.may_erase_early(now, why.reason, why.reference.as_deref()),
        );
        may.map_err(|why| Error::Conflict(why.to_string()))?;
        let undisclosed = view.filing.non_disclosure.is_some();
        erasure::uncount(conn, row, undisclosed, items)?;
        collections::forget(conn, &row.platform_id, &row.id)?;
        scrub::request(view);
        for item in &view.items {
            erasure::leave_item(conn, &item.item.id.to_string(), &columns(item)?)?;
        }
        erasure::leave_decisions(conn, items, scrub::outcome)?;
        erasure::leave_revisions(conn, &row.id, scrub::revision)?;
        erasure::leave_facts(conn, &row.id, scrub::facts)?;
        let words = erasure::words(conn, &row.id, items)?;
        let entries = erasure::entries_of(conn, &row.id)?;
        if ordered.is_some() {
            erasure::forget_answers(conn, &row.id, &entries)?;
            erasure::end_files(conn, row, EVERYTHING, now.timestamp_millis())?;
        }
        let entries = destroyed(conn, entries)?;
        let change = view
            .request
            .clone()
            .by_time(EventType::RequestErased, &[])?;
        let left = |item: &takedown_core::request::Item| ItemLeft {
            item: item.id,
            outcome: item.outcome.as_ref().map(|outcome| outcome.code),
        };
        let erased = core::RequestLeft {
            reason: ordered.map(|ordered| ordered.reason),
            reference: ordered.and_then(|ordered| ordered.reference.clone()),
            entries,
            status: view.request.status(),
            result: view.request.result(),
            items: view.request.items.iter().map(left).collect(),
            messages: words.messages,
            documents: words.documents,
            mails: words.mails,
        };
        let data = Data::RequestErased { erased };
        let left = RequestLeft {
            filing: serde_json::to_string(&view.filing).map_err(StoreError::from)?,
            filing_digest: Vec::new(),
            revisions: row
                .revisions
                .as_ref()
                .map(|_| serde_json::to_string(&view.revisions))
                .transpose()
                .map_err(StoreError::from)?,
            oversight: view.oversight.stored()?,
            filing_salt: None,
            erased_at: Some(now.timestamp_millis()),
        };
        erasure::leave(conn, &row.id, &left)?;
        let of = (&change, data, told);
        let published = commit::erased(conn, cx, by, view, of, now)?;
        if ordered.is_some() {
            seen_after(conn, by, &row.id, now)?;
        }
        view.erased_at = Some(now);
        Ok(published)
    }
}

/// Destroys where the material of a request that is erased before its time was seen afterwards, as their class does in its time.
fn seen_after(conn: &mut Conn, by: Author, request: &str, now: At) -> Result<(), Error> {
    let names = ageing::sightings_after(conn, request)?;
    if names.is_empty() {
        return Ok(());
    }
    let entries = ageing::entries_with(conn, &names)?;
    let entries = destroyed(conn, entries)?;
    let erased = ContentGone {
        class: Class::Sightings,
        until: now,
        rows: names.len(),
        names,
        entries,
    };
    record(
        conn,
        by,
        Subject::Exchange,
        now,
        Data::ContentErased { erased },
    )
}

/// Destroys those of the entries that tell anything, and names them.
pub(in crate::app) fn destroyed(
    conn: &mut Conn,
    entries: Vec<EntryBytes>,
) -> Result<Vec<EntryId>, StoreError> {
    let telling: Vec<EntryBytes> = entries
        .into_iter()
        .filter(|(_, _, bytes)| tells(bytes))
        .collect();
    erasure::destroy(conn, &telling)?;
    let named = telling.iter().map(|(_, id, _)| parsed("entry id", id));
    named.collect()
}

fn standing(conn: &mut Conn, view: &RequestView, now: At) -> Result<Standing, StoreError> {
    let id = view.request.id.to_string();
    let state = &view.request.state;
    let preservation = view.preservation.as_ref();
    let scrutiny = view.oversight.core.scrutiny.as_ref();
    // Of what was withdrawn nobody asks for a scrutiny any more.
    let received_at = state
        .fetched_at()
        .filter(|_| state.withdrawn_at().is_none());
    Ok(Standing {
        status: view.request.status(),
        over_since: state.closed_at().max(state.withdrawn_at()),
        restoration_asked: view.restoration == ItemRestoration::Asked,
        objection_open: erasure::has_open_objection(conn, &id)?,
        preserved_until: preservation.and_then(|kept| kept.needed_until(now)),
        scrutiny_until: scrutiny.and_then(|open| open.open_until(received_at)),
        undisclosed_until: view.filing.non_disclosure.as_ref().map(|held| held.until),
        held: erasure::is_held(conn, &id)?,
        erased_at: view.erased_at,
    })
}

fn columns(item: &super::ItemView) -> Result<ItemColumns, StoreError> {
    let outcome = item.item.outcome.as_ref();
    let answer = item.item.answer.as_ref();
    Ok(ItemColumns {
        locator: String::new(),
        comparison_key: String::new(),
        comparison_digest: Vec::new(),
        host: None,
        detail: serde_json::to_string(&item.detail)?,
        outcome_detail: outcome.map(serde_json::to_string).transpose()?,
        answer: answer.map(serde_json::to_string).transpose()?,
        undone: item
            .undone
            .as_ref()
            .map(serde_json::to_string)
            .transpose()?,
    })
}
