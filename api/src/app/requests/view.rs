//! A request as the doors and the mails see it.

use std::sync::Arc;

use takedown_core::id::{ItemId, Reference};
use takedown_core::locator::ItemKind;
use takedown_core::log::Salt;
use takedown_core::preservation::Preservation;
use takedown_core::request::{
    Confidence, EventType, Item, ItemRestoration, ItemWithdrawal, Outcome, OutcomeCode, Request,
    State, Status, WaitingFor,
};
use takedown_core::text::Country;
use takedown_core::time::{At, rfc3339};

use super::check::CheckCode;
use super::document::DocumentView;
use super::filing::{Filing, ItemDetail};
use super::oversight::Oversight;
use super::revision::Revisions;
use crate::app::Error;
use crate::app::parties::{Agency, Platform, instant, parsed};
use crate::app::repeats::Repeat;
use crate::app::signed::Signed;
use crate::store::StoreError;
use crate::store::decisions::{ItemAnswer, ItemPast};
use crate::store::requests::{ItemRow, RequestRow};

/// An item with everything known of it.
#[derive(Debug, Clone)]
pub struct ItemView {
    /// Identifier, position and latest outcome.
    pub item: Item,
    /// What it is.
    pub kind: ItemKind,
    /// Exactly as filed.
    pub locator: String,
    /// The host it lies on.
    pub host: Option<String>,
    /// What the agency said of it.
    pub detail: ItemDetail,
    /// When the latest outcome was recorded.
    pub decided_at: Option<At>,
    /// When the first one was.
    pub first_decided_at: Option<At>,
    /// What had been done to it before it was put back.
    pub undone: Option<Outcome>,
}

impl ItemView {
    /// The columns of an item whose restoration was answered.
    ///
    /// # Errors
    /// [`StoreError`] when an outcome cannot be written as JSON.
    pub(super) fn answered(&self) -> Result<ItemAnswer, StoreError> {
        let (outcome, answer) = (self.item.outcome.as_ref(), self.item.answer.as_ref());
        Ok(ItemAnswer {
            outcome: outcome.map(|o| o.code.as_str().to_owned()),
            outcome_detail: outcome.map(serde_json::to_string).transpose()?,
            decided_at: self.decided_at.map(|at| at.timestamp_millis()),
            restoration_outcome: answer.map(|a| a.outcome.code.as_str().to_owned()),
            answer: answer.map(serde_json::to_string).transpose()?,
            undone: self.past()?.undone,
        })
    }

    /// The columns that keep what the latest outcome does not say.
    ///
    /// # Errors
    /// [`StoreError`] when an outcome cannot be written as JSON.
    pub(super) fn past(&self) -> Result<ItemPast, StoreError> {
        let undone = self.undone.as_ref();
        Ok(ItemPast {
            first_decided_at: self.first_decided_at.map(|at| at.timestamp_millis()),
            undone: undone.map(serde_json::to_string).transpose()?,
        })
    }

    /// Takes what a change made of the item.
    pub(super) fn adopt(&mut self, item: &Item, now: At) {
        if self.item.outcome != item.outcome {
            let was = self.item.outcome.take();
            self.undone = match &item.outcome {
                Some(outcome) if outcome.code == OutcomeCode::Restored => {
                    was.filter(|was| was.code.acted_on()).or(self.undone.take())
                }
                _ => None,
            };
            self.decided_at = Some(now);
            self.first_decided_at.get_or_insert(now);
        }
        self.item = item.clone();
    }
}

/// A request with everything known of it. In lists `items` is empty; the counts are always there.
#[derive(Debug, Clone)]
pub struct RequestView {
    /// What decisions depend on.
    pub request: Request,
    /// Short and speakable.
    pub reference: Reference,
    /// Unguessable; whoever was sent it in a mail checks with it that the mail is real.
    pub check_code: CheckCode,
    /// Who asks.
    pub agency: Arc<Agency>,
    /// Who is asked.
    pub platform: Arc<Platform>,
    /// The agency's own file number.
    pub agency_reference: Option<String>,
    /// The platform's own ticket.
    pub platform_reference: Option<String>,
    /// The operation it belongs to.
    pub operation: Option<String>,
    /// Whose law.
    pub jurisdiction: Country,
    /// What was filed.
    pub filing: Filing,
    /// The items, by position.
    pub items: Vec<ItemView>,
    /// How many items there are.
    pub items_count: i32,
    /// How many have no outcome yet.
    pub undecided_count: i32,
    /// How many items were taken back by themselves.
    pub taken_back_count: i32,
    /// How it stands with putting things back; also in lists, where the items are not.
    pub restoration: ItemRestoration,
    /// Keeping what was removed, where that is asked.
    pub preservation: Option<Preservation>,
    /// What was put right since the filing.
    pub revisions: Revisions,
    /// What other authorities have to do with it.
    pub oversight: Oversight,
    /// How it stands with the unit's signature; none, when the exchange alone attests it.
    pub signed: Option<Signed>,
    /// With which its entries commit to what is kept of the filing; shown to nobody.
    pub filing_salt: Option<Salt>,
    /// When what it was about was destroyed: texts and locators are empty since then.
    pub erased_at: Option<At>,
    /// In the answer to a filing, and nowhere else: what of it was asked about before, by the place of the item.
    pub repeats: Option<Vec<(usize, Repeat)>>,
    /// The document that comes with the change in hand.
    pub document: Option<DocumentView>,
}

impl RequestView {
    /// Whether there is anything left to work with.
    ///
    /// # Errors
    /// [`Error::Conflict`] since it was erased.
    pub(in crate::app) fn not_erased(&self) -> Result<(), Error> {
        self.erased_at.map_or(Ok(()), |at| Err(gone(at)))
    }

    /// The authority that has a copy of it here.
    #[must_use]
    pub fn authority(&self) -> Option<String> {
        self.oversight.copied_to().map(|id| id.to_string())
    }

    /// Who has to do the next thing. Whoever asks for what may be a decoy asks to wait, so it is his turn.
    #[must_use]
    pub fn waiting_for(&self) -> WaitingFor {
        let waiting_for = match self.request.state.waiting_for() {
            WaitingFor::Platform if self.asks_to_wait() || self.request.is_doubted() => {
                WaitingFor::Agency
            }
            waiting_for => waiting_for,
        };
        waiting_for.with_restoration(self.restoration)
    }

    /// The items whose uploader was told while a non-disclosure forbade it, as the platform says with their latest outcome.
    pub fn told_all_the_same(&self) -> impl Iterator<Item = ItemId> {
        let held = self.filing.non_disclosure.as_ref();
        let broken = move |item: &&ItemView| {
            let outcome = item.item.outcome.as_ref().zip(item.decided_at);
            let answer = item.item.answer.as_ref();
            let answer = answer.map(|answer| (&answer.outcome, answer.at));
            let said = [outcome, answer].into_iter().flatten();
            held.is_some_and(|held| {
                said.into_iter()
                    .any(|(said, at)| held.broken_by(said.uploader_informed, at))
            })
        };
        self.items.iter().filter(broken).map(|item| item.item.id)
    }

    /// How many items are asked about: without those taken back by themselves.
    #[must_use]
    pub fn asked_count(&self) -> i32 {
        let left = self.items_count - self.taken_back_count;
        // The last one takes the request with it, which is then about all of them.
        if left > 0 { left } else { self.items_count }
    }

    /// Whether the platform is asked to wait rather than to remove, because a decoy is suspected.
    #[must_use]
    pub fn asks_to_wait(&self) -> bool {
        let open = !matches!(self.request.status(), Status::Closed | Status::Withdrawn);
        let attribution = self.filing.attribution.as_ref();
        open && attribution
            .and_then(|a| a.confidence.parse::<Confidence>().ok())
            .is_some_and(Confidence::asks_to_wait)
    }
}

/// That nothing is left of a request to do anything with.
pub(super) fn gone(at: At) -> Error {
    Error::Conflict(format!(
        "what this request was about was erased on {}: it can be read as far as it is left, and nothing else",
        rfc3339(at)
    ))
}

/// Something the other side should know, as its feed shows it.
#[derive(Debug, Clone)]
pub struct InboxEvent<'a> {
    /// Identifier of the history entry.
    pub id: String,
    /// Position in the party's feed.
    pub position: i64,
    /// What happened.
    pub event: EventType,
    /// When.
    pub at: At,
    /// The request as it was then.
    pub request: &'a RequestView,
}

/// Puts a view together from what is stored.
///
/// # Errors
/// [`StoreError::Inconsistent`] when a column does not hold what it should.
pub fn from_rows(
    row: RequestRow,
    items: Vec<ItemRow>,
    agency: Arc<Agency>,
    platform: Arc<Platform>,
) -> Result<RequestView, StoreError> {
    let filing: Filing = serde_json::from_str(&row.filing)?;
    let state: State = serde_json::from_str(&row.state)?;
    let items = items
        .into_iter()
        .map(item_from_row)
        .collect::<Result<Vec<_>, _>>()?;
    let request = Request {
        id: parsed("request id", &row.id)?,
        agency: agency.id,
        platform: platform.id,
        kind: parsed("kind", &row.kind)?,
        instrument: parsed("instrument", &row.instrument)?,
        version: row.version,
        filed_at: instant(row.filed_at)?,
        state,
        clock: serde_json::from_str(&row.clock)?,
        items: items.iter().map(|i| i.item.clone()).collect(),
        doubted_at: row.doubted_at.map(instant).transpose()?,
    };
    Ok(RequestView {
        reference: parsed("reference", &row.reference)?,
        check_code: parsed("check code", &row.check_code)?,
        agency_reference: row.agency_reference,
        platform_reference: row.platform_reference,
        operation: row.operation,
        jurisdiction: parsed("jurisdiction", &row.jurisdiction)?,
        items_count: row.items_count,
        undecided_count: row.undecided_count,
        taken_back_count: row.taken_back_count,
        restoration: row
            .restoration
            .as_deref()
            .map_or(Ok(ItemRestoration::NotAsked), |r| parsed("restoration", r))?,
        preservation: row
            .preservation
            .as_deref()
            .map(serde_json::from_str)
            .transpose()?,
        revisions: row
            .revisions
            .as_deref()
            .map(serde_json::from_str)
            .transpose()?
            .unwrap_or_default(),
        oversight: super::oversight::stored(row.oversight.as_deref())?,
        signed: row
            .signed
            .as_deref()
            .map(serde_json::from_str)
            .transpose()?,
        filing_salt: row
            .filing_salt
            .map(|salt| Salt::from_slice(&salt))
            .transpose()
            .map_err(|why| StoreError::Inconsistent(format!("the salt of a filing: {why}")))?,
        erased_at: row.erased_at.map(instant).transpose()?,
        request,
        agency,
        platform,
        filing,
        items,
        repeats: None,
        document: None,
    })
}

fn item_from_row(row: ItemRow) -> Result<ItemView, StoreError> {
    let outcome: Option<Outcome> = row
        .outcome_detail
        .as_deref()
        .map(serde_json::from_str)
        .transpose()?;
    let withdrawal = match (row.withdrawn_at, &row.withdrawal) {
        (Some(at), Some(reason)) => Some(ItemWithdrawal {
            at: instant(at)?,
            reason: parsed("withdrawal", reason)?,
            restore: row.restore.unwrap_or(false),
        }),
        _ => None,
    };
    Ok(ItemView {
        item: Item {
            id: parsed("item id", &row.id)?,
            position: row.position,
            outcome,
            withdrawal,
            answer: row
                .answer
                .as_deref()
                .map(serde_json::from_str)
                .transpose()?,
        },
        kind: parsed("item kind", &row.kind)?,
        locator: row.locator,
        host: row.host,
        detail: serde_json::from_str(&row.detail)?,
        decided_at: row.decided_at.map(instant).transpose()?,
        first_decided_at: row.first_decided_at.map(instant).transpose()?,
        undone: row
            .undone
            .as_deref()
            .map(serde_json::from_str)
            .transpose()?,
    })
}
