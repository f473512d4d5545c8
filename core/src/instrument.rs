//! The catalogue of powers, as data.
//!
//! An instrument is the named power under which something is asked. Each is one file under
//! `core/data/instruments`, parsed by the same strict code that reads an operator's own files. The exchange
//! records what an agency *claims*: it never says that an order is lawful, it only refuses a filing that
//! contradicts the instrument it names ([`Instrument::check`]).

mod builtin;
mod calendar;
mod catalogue;
mod check;
mod claim;
mod clock;
mod file;
mod kinds;
mod oversight;
mod rank;
mod reference;
mod rules;

pub use calendar::{Calendar, Calendars, Days, Holiday};
pub use catalogue::{Catalogue, FileError, Source};
pub use claim::{
    Claim, ClaimedNonDisclosure, ClaimedService, ClaimedSpecified, ClaimedTerritory, Contradiction,
    RULES,
};
pub use clock::{AfterInterruption, ClockRule, ClockStart, DueError, Unit};
pub use kinds::{
    Element, IdError, InstrumentId, Jurisdiction, Kind, Obstacle, ServiceMethod, TerritoryRule,
};
pub use oversight::{
    Acquaintance, FinalityRule, PriorNotice, PriorNoticeRule, ScrutinyRule, scrutinised,
};
pub use rank::{Ladder, Rank, RankFloor};
pub use reference::table;
pub use rules::{NonDisclosureRule, Period, PreservationRule, ServiceRule};

use crate::agency::AgencyType;
use crate::locator::ItemKind;

/// Why something is asked for: one code of the closed list in `core/data/grounds.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// For example `tco:a`, `dsa:scams_and_fraud`, `terms`.
    pub code: String,
    /// What the code stands for, in English.
    pub title: String,
    /// The text of law that the code names.
    pub citation: String,
}

/// A named power, or, for a referral, the absence of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instrument {
    /// The name used in filings, for example `eu-tco-order`.
    pub id: InstrumentId,
    /// Voluntary, or claimed to be binding.
    pub kind: Kind,
    /// Its name in English.
    pub title: String,
    /// Where the power is written down.
    pub citation: String,
    /// What it asks for, in one or two plain sentences.
    pub summary: String,
    /// Whether ignoring it has an effect, *as claimed*.
    pub effect: String,
    /// Whose authorities may use it.
    pub jurisdiction: Jurisdiction,
    /// Which types of agency may use it; empty: every type.
    pub issuer_types: Vec<AgencyType>,
    /// The lowest rank that may use it, where the law sets one.
    pub rank_floor: Option<RankFloor>,
    /// The kinds of item it can name; empty: every kind.
    pub item_kinds: Vec<ItemKind>,
    /// The grounds it can rest on; the whole catalogue when `any_ground`.
    pub grounds: Vec<Ground>,
    /// Every ground of the catalogue is allowed.
    pub any_ground: bool,
    /// A statement of reasons is part of it.
    pub needs_reasons: bool,
    /// The provision of law that makes the content unlawful has to be cited.
    pub needs_provision: bool,
    /// What else has to be part of a filing.
    pub elements: Vec<Element>,
    /// In which countries its effect may be asked.
    pub territory: TerritoryRule,
    /// Modifying the content instead of removing it is what was asked, too.
    pub modification_suffices: bool,
    /// How its deadline is computed; `None`: it has no deadline, and none may be shown.
    pub clock: Option<ClockRule>,
    /// Where the clock is written down; `None` without a clock.
    pub clock_citation: Option<String>,
    /// For how long it can forbid telling the uploader; `None`: it cannot.
    pub non_disclosure: Option<NonDisclosureRule>,
    /// For how long it can require keeping what was removed; `None`: it cannot.
    pub preservation: Option<PreservationRule>,
    /// Whether a platform is told before its first order; `None`: it is not.
    pub prior_notice: Option<PriorNoticeRule>,
    /// Whether an authority of the platform's country gets a copy and may scrutinise it; `None`: none does.
    pub scrutiny: Option<ScrutinyRule>,
    /// Whether its orders become final and are counted; `None`: they are not.
    pub finality: Option<FinalityRule>,
    /// How it must be served apart from filing it here; `None`: filing is enough.
    pub service: Option<ServiceRule>,
    /// What the platform may report as standing in the way.
    pub obstacles: Vec<Obstacle>,
    /// In which language it has to be written, in words; `None`: the law read does not say.
    pub languages: Option<String>,
    /// The forms that the law prescribes, by name; empty: none.
    pub forms: Vec<String>,
    /// What everyone who uses it should know.
    pub remarks: Vec<String>,
    /// Statements recalled rather than read in the official text: read again before printing them on a form.
    pub recalled: Vec<String>,
}

impl Instrument {
    /// The ground with this code, if the instrument can rest on it.
    pub fn ground(&self, code: &str) -> Option<&Ground> {
        self.grounds.iter().find(|ground| ground.code == code)
    }

    /// Whether a platform may report this obstacle.
    pub fn allows(&self, obstacle: Obstacle) -> bool {
        self.obstacles.contains(&obstacle)
    }

    /// The countries in which effect is asked when a filing does not say.
    ///
    /// An EU removal order takes effect in all Member States by law; everything else stays in the country whose
    /// law is claimed.
    pub fn default_territory(
        &self,
        jurisdiction: crate::text::Country,
    ) -> Vec<crate::text::Country> {
        match self.territory {
            TerritoryRule::AllMemberStates => kinds::eu_member_states(),
            TerritoryRule::Any | TerritoryRule::Limited => vec![jurisdiction],
        }
    }
}

#[cfg(test)]
mod tests;
