//! What the entries of a request say of its rows.
//!
//! Entries hold no texts and no locators, so they do not say everything. What they do say is computed anew here, entry by
//! entry, and compared.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use thiserror::Error;

use super::{Entry, Withheld};
use crate::{
    history::{Data, Decided, Digest},
    id::{AgencyId, ItemId, PlatformId, RequestId},
    instrument::{InstrumentId, Kind},
    request::{Basis, OutcomeCode, Status, UploaderInformed},
    retention::RequestLeft,
    text::Country,
    time::At,
};

/// The columns of a row that entries say something of. Columns that a viewer does not see are not there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)]
pub struct RowFacts {
    pub request_id: RequestId,
    pub version: i32,
    pub agency_id: AgencyId,
    pub platform_id: PlatformId,
    pub kind: Kind,
    pub instrument: InstrumentId,
    pub status: Status,
    pub filed_at: At,
    #[serde(default)]
    pub filing_sha256: Option<Digest>,
    pub fetched_at: Option<At>,
    pub acknowledged_at: Option<At>,
    pub closed_at: Option<At>,
    pub withdrawn_at: Option<At>,
    pub item_id: ItemId,
    pub position: i32,
    pub outcome: Option<OutcomeCode>,
    pub basis: Option<Basis>,
    pub effective_at: Option<At>,
    pub uploader_informed: Option<UploaderInformed>,
    #[serde(default)]
    pub countries: Vec<Country>,
    #[serde(default)]
    pub outcome_note: Option<String>,
    pub decided_at: Option<At>,
    #[serde(default)]
    pub erased_at: Option<At>,
}

/// A column that its entries do not bear out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the column {column} has {found}, the entries say {wanted}")]
pub struct Unfit {
    /// Which column.
    pub column: &'static str,
    /// What the row says.
    pub found: String,
    /// What the entries say.
    pub wanted: String,
}

/// An entry that does not come next.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Misfit {
    /// A version is missing or there twice.
    #[error("it made version {found} of {request}; version {wanted} comes next")]
    Version {
        /// The request.
        request: RequestId,
        /// The version that comes next.
        wanted: i32,
        /// The version that the entry made.
        found: i32,
    },
    /// A request begins with its filing.
    #[error("{request} begins with {found}; a request begins with request.filed")]
    Beginning {
        /// The request.
        request: RequestId,
        /// The type of the entry.
        found: &'static str,
    },
    /// What an erased request was left with is the end of it.
    #[error("version {1} of {0} is withheld as erased, and stands behind its request.erased")]
    Afterwards(RequestId, i32),
}

struct Filed {
    agency: AgencyId,
    platform: PlatformId,
    kind: Kind,
    instrument: InstrumentId,
    filing: Digest,
    items: Vec<ItemId>,
    at: At,
}

/// A request as its entries tell it, version by version.
pub struct Facts {
    request: RequestId,
    version: i32,
    filed: Option<Filed>,
    fetched_at: Option<At>,
    acknowledged_at: Option<At>,
    closed_at: Option<At>,
    withdrawn_at: Option<At>,
    decided: HashMap<ItemId, (Decided, At)>,
    asked_back: HashSet<ItemId>,
    /// An entry was destroyed, and what it said is not known any more.
    erased: bool,
    /// When that was, and what was left.
    left: Option<(RequestLeft, At)>,
}

impl Facts {
    /// Of a request, before its first entry.
    #[must_use]
    pub fn of(request: RequestId) -> Self {
        Self {
            request,
            version: 0,
            filed: None,
            fetched_at: None,
            acknowledged_at: None,
            closed_at: None,
            withdrawn_at: None,
            decided: HashMap::new(),
            asked_back: HashSet::new(),
            erased: false,
            left: None,
        }
    }

    /// The request.
    #[must_use]
    pub const fn request(&self) -> RequestId {
        self.request
    }

    /// The version that the entries have made by now.
    #[must_use]
    pub const fn version(&self) -> i32 {
        self.version
    }

    /// Takes the entry that made a version.
    ///
    /// # Errors
    /// [`Misfit`] when another one comes next; nothing is taken then.
    pub fn take(&mut self, version: i32, entry: Entry) -> Result<(), Misfit> {
        self.next(version)?;
        let at = entry.at;
        match entry.data {
            Data::RequestFiled {
                filing,
                agency,
                platform,
                kind,
                instrument,
                items,
                ..
            } => {
                self.filed = Some(Filed {
                    agency,
                    platform,
                    kind,
                    instrument,
                    filing,
                    items,
                    at,
                });
            }
            other if version == 1 => {
                return Err(Misfit::Beginning {
                    request: self.request,
                    found: other.event_type(),
                });
            }
            Data::RequestFetched { .. } => self.fetched_at = self.fetched_at.or(Some(at)),
            Data::RequestAcknowledged { .. } => {
                self.acknowledged_at = self.acknowledged_at.or(Some(at));
            }
            Data::RequestDecided { decisions }
            | Data::DecisionRevised { decisions, .. }
            | Data::RestorationAnswered { decisions, .. } => self.decide(decisions, at),
            Data::RequestClosed { decisions, .. } => {
                self.decide(decisions, at);
                self.closed_at = Some(at);
            }
            Data::RequestReopened { .. } => self.closed_at = None,
            Data::RequestWithdrawn { restore, .. } | Data::RequestAnnulled { restore, .. } => {
                self.asked_back.extend(restore);
                self.withdrawn_at = Some(at);
            }
            Data::ItemsWithdrawn { restore, .. } => self.asked_back.extend(restore),
            Data::RequestErased { erased } => self.left = Some((erased, at)),
            _ => {}
        }
        self.version = version;
        Ok(())
    }

    /// Passes over the entry that made a version and is withheld.
    ///
    /// # Errors
    /// As [`Facts::take`].
    pub fn pass(&mut self, version: i32, why: Withheld) -> Result<(), Misfit> {
        self.next(version)?;
        if why == Withheld::Erased {
            if self.left.is_some() {
                return Err(Misfit::Afterwards(self.request, version));
            }
            self.erased = true;
        }
        self.version = version;
        Ok(())
    }

    /// Whether an entry is said to be destroyed, and none was shown by now that bears it out.
    #[must_use]
    pub const fn unexplained(&self) -> bool {
        self.erased && self.left.is_none()
    }

    fn next(&self, found: i32) -> Result<(), Misfit> {
        let wanted = self.version.saturating_add(1);
        if found == wanted {
            return Ok(());
        }
        Err(Misfit::Version {
            request: self.request,
            wanted,
            found,
        })
    }

    fn decide(&mut self, decisions: Vec<Decided>, at: At) {
        for decided in decisions {
            self.decided.insert(decided.item, (decided, at));
        }
    }

    /// How many items were filed, where that is known.
    #[must_use]
    pub fn items(&self) -> Option<usize> {
        let filed = self.filed.as_ref().map(|filed| filed.items.len());
        filed.or_else(|| self.left.as_ref().map(|(left, _)| left.items.len()))
    }

    /// What a row says that the entries up to its version do not.
    #[must_use]
    pub fn unfit(&self, row: &RowFacts) -> Vec<Unfit> {
        let mut unfit = Vec::new();
        let mut same = |column: &'static str, found: String, wanted: String| {
            if found != wanted {
                unfit.push(Unfit {
                    column,
                    found,
                    wanted,
                });
            }
        };
        let place = usize::try_from(row.position.saturating_sub(1)).ok();
        if let Some(filed) = &self.filed {
            let item = place.and_then(|place| filed.items.get(place));
            same(
                "agency_id",
                row.agency_id.to_string(),
                filed.agency.to_string(),
            );
            same(
                "platform_id",
                row.platform_id.to_string(),
                filed.platform.to_string(),
            );
            same("kind", row.kind.to_string(), filed.kind.to_string());
            same(
                "instrument",
                row.instrument.to_string(),
                filed.instrument.to_string(),
            );
            same(
                "filed_at",
                instant(Some(row.filed_at)),
                instant(Some(filed.at)),
            );
            same("item_id", row.item_id.to_string(), shown(item));
            if let Some(digest) = row.filing_sha256 {
                same(
                    "filing_sha256",
                    digest.to_string(),
                    filed.filing.to_string(),
                );
            }
        }
        let erased_at = self.left.as_ref().map(|(_, at)| *at);
        same("erased_at", instant(row.erased_at), instant(erased_at));
        if let Some((left, _)) = &self.left {
            let item = place.and_then(|place| left.items.get(place));
            let outcome = item.and_then(|item| item.outcome);
            let item = item.map(|item| item.item);
            same("item_id", row.item_id.to_string(), shown(item.as_ref()));
            same("status", row.status.to_string(), left.status.to_string());
            same(
                "outcome",
                shown(row.outcome.as_ref()),
                shown(outcome.as_ref()),
            );
        }
        if self.erased {
            return unfit;
        }
        for (column, found, wanted) in [
            ("fetched_at", row.fetched_at, self.fetched_at),
            ("acknowledged_at", row.acknowledged_at, self.acknowledged_at),
            ("closed_at", row.closed_at, self.closed_at),
            ("withdrawn_at", row.withdrawn_at, self.withdrawn_at),
        ] {
            same(column, instant(found), instant(wanted));
        }
        let ended = match (self.withdrawn_at, self.closed_at) {
            (Some(_), _) => Some(Status::Withdrawn),
            (None, Some(_)) => Some(Status::Closed),
            (None, None) => None,
        };
        let says = Some(row.status).filter(|s| matches!(s, Status::Withdrawn | Status::Closed));
        same("status", shown(says.as_ref()), shown(ended.as_ref()));
        // What was asked back has an answer beside what had been done, and the answer is the row's outcome only when it was put
        // back.
        let decided = self.decided.get(&row.item_id);
        let asked_back = self.asked_back.contains(&row.item_id);
        let outcome = decided.map(|(decided, _)| decided.outcome);
        if !asked_back || outcome == Some(OutcomeCode::Restored) {
            same(
                "outcome",
                shown(row.outcome.as_ref()),
                shown(outcome.as_ref()),
            );
        }
        if let (Some((decided, at)), false) = (decided, asked_back) {
            same(
                "basis",
                shown(row.basis.as_ref()),
                decided.basis.to_string(),
            );
            same(
                "effective_at",
                instant(row.effective_at),
                instant(Some(decided.effective_at)),
            );
            same(
                "uploader_informed",
                shown(row.uploader_informed.as_ref()),
                decided.uploader_informed.to_string(),
            );
            same(
                "countries",
                joined(&row.countries),
                joined(&decided.countries),
            );
            same("decided_at", instant(row.decided_at), instant(Some(*at)));
            if let Some(note) = &row.outcome_note {
                let digest = Digest::of(note);
                same(
                    "outcome_note",
                    format!("a text of {digest}"),
                    match &decided.note {
                        Some(note) => format!("a text of {note}"),
                        None => "none".to_owned(),
                    },
                );
            }
        }
        unfit
    }
}

fn shown<T: ToString>(value: Option<&T>) -> String {
    value.map_or_else(|| "nothing".to_owned(), ToString::to_string)
}

fn joined(countries: &[Country]) -> String {
    let countries: Vec<&str> = countries.iter().map(|country| country.as_str()).collect();
    countries.join(" ")
}

/// The database keeps milliseconds.
fn instant(at: Option<At>) -> String {
    at.map_or_else(|| "nothing".to_owned(), crate::time::rfc3339)
}
