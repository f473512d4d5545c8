//! Counting: rows of the export in, tables out. The same for the server and for an export that was taken home.

use std::collections::{BTreeMap, BTreeSet};

use super::code::{
    AskedBack, BasisOfAction, Border, Finality, Objected, Outcome, Reinstated, Scrutiny, TakenBack,
    Unable,
};
use super::figures::Figures;
use super::metric::Metric;
use super::of::{OWN, Of, PUBLISHED, tables_of};
use super::period::Period;
use super::row::Counted;
use super::spread::Measure;
use crate::instrument::Kind;
use crate::oversight::Finding;
use crate::request::{OutcomeCode, WithdrawalReason};
use crate::time::At;

/// Tables by what they are about.
pub(super) type Tables = BTreeMap<Of, Figures>;

/// Rows that cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// The rows of a request stand together in an export, and requests follow in the order of their identifiers. Only so can
    /// any number of them be counted without remembering which were.
    #[error(
        "the rows are not in the order of an export: {0} comes after a request with a greater identifier; count the export as it was written"
    )]
    OutOfOrder(String),
}

/// What is known of those who are counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// Name and country of agencies.
    pub(super) agencies: BTreeMap<String, (String, String)>,
    /// Names of platforms.
    pub(super) platforms: BTreeMap<String, String>,
    /// Instruments that claim a binding power.
    pub(super) orders: BTreeSet<String>,
}

/// Counts rows, one after the other. Its memory grows with the number of tables and of different durations, not with the
/// number of rows.
#[derive(Debug)]
pub struct Fold {
    periods: Vec<(Period, Tables)>,
    only: Of,
    /// When it is published; nothing for a report that is not.
    published_at: Option<At>,
    names: Names,
    current: Option<Current>,
}

/// What was counted.
#[derive(Debug)]
pub struct Folded {
    pub(super) periods: Vec<(Period, Tables)>,
    pub(super) only: Of,
    pub(super) names: Names,
}

/// The request whose rows are being read.
#[derive(Debug)]
struct Current {
    request: String,
    /// Where it is counted: in which period, in which tables. Nowhere when it was not asked for.
    place: Option<(usize, Vec<Of>)>,
    kind: Kind,
    /// Only its wholes are counted.
    hidden: bool,
    unable: [bool; 3],
}

impl Fold {
    /// For those who may see every number: what was filed in a period, if `only` holds of it.
    #[must_use]
    pub fn of_own(period: Period, only: Of) -> Self {
        Self::new(vec![period], only, None)
    }

    /// For everybody: what was filed in a year, month by month, as it is to be told at this instant. What is under a
    /// non-disclosure that still runs is counted in the totals alone.
    #[must_use]
    pub fn to_publish(year: i32, at: At) -> Self {
        let months = (1..=12).map(|month| Period::Month(year, month));
        Self::new(months.collect(), Of::default(), Some(at))
    }

    fn new(periods: Vec<Period>, only: Of, published_at: Option<At>) -> Self {
        let empty = |period| (period, Tables::from([(Of::default(), Figures::default())]));
        Self {
            periods: periods.into_iter().map(empty).collect(),
            only,
            published_at,
            names: Names::default(),
            current: None,
        }
    }

    /// Counts a row.
    ///
    /// # Errors
    /// [`FoldError`] when it cannot follow those before it.
    pub fn take(&mut self, row: &Counted<'_>) -> Result<(), FoldError> {
        let current = match self.current.take() {
            Some(current) if current.request == row.request_id => current,
            Some(current) if *current.request > *row.request_id => {
                return Err(FoldError::OutOfOrder(row.request_id.to_string()));
            }
            earlier => {
                self.end(earlier);
                self.begin(row)
            }
        };
        self.current = Some(self.item(current, row));
        Ok(())
    }

    /// Ends the count.
    #[must_use]
    pub fn finish(mut self) -> Folded {
        let current = self.current.take();
        self.end(current);
        Folded {
            periods: self.periods,
            only: self.only,
            names: self.names,
        }
    }

    fn begin(&mut self, row: &Counted<'_>) -> Current {
        let period = self.periods.iter();
        let period = period.map(|(period, _)| period);
        let period = period
            .enumerate()
            .find(|(_, period)| period.contains(row.filed_at));
        let runs = |at: At| row.non_disclosure_until.is_some_and(|until| until > at);
        let hidden = self.published_at.is_some_and(runs);
        let place = period.filter(|_| self.only.has(row)).map(|(period, _)| {
            let tables = if hidden {
                let under_non_disclosure = Of {
                    under_non_disclosure: true,
                    ..Of::default()
                };
                vec![Of::default(), under_non_disclosure]
            } else if self.published_at.is_some() {
                tables_of(row, PUBLISHED.iter())
            } else {
                tables_of(row, PUBLISHED.iter().chain(OWN))
            };
            (period, tables)
        });
        let current = Current {
            request: row.request_id.to_string(),
            place,
            kind: row.kind,
            hidden,
            unable: [false; 3],
        };
        if current.place.is_some() && !hidden {
            self.names.meet(row);
        }
        self.each(&current, |figures| request(figures, row, hidden));
        current
    }

    fn item(&mut self, mut current: Current, row: &Counted<'_>) -> Current {
        let unable = match row.outcome {
            Some(OutcomeCode::UnableForceMajeure) => Some(0),
            Some(OutcomeCode::UnableManifestError) => Some(1),
            Some(OutcomeCode::UnableInsufficientInformation) => Some(2),
            _ => None,
        };
        if let Some(unable) = unable {
            current.unable[unable] = true;
        }
        let hidden = current.hidden;
        self.each(&current, |figures| item(figures, row, hidden));
        current
    }

    /// What is known of a request only after its last item.
    fn end(&mut self, current: Option<Current>) {
        let Some(current) = current.filter(|c| c.kind == Kind::Order && !c.hidden) else {
            return;
        };
        let unable = match current.unable {
            [false, false, false] => Unable::None,
            [true, false, false] => Unable::ForceMajeure,
            [false, true, false] => Unable::ManifestError,
            [false, false, true] => Unable::InsufficientInformation,
            _ => Unable::Several,
        };
        self.each(&current, |figures| {
            figures.count_code(Metric::Obstacle, unable as usize);
        });
    }

    fn each(&mut self, current: &Current, mut count: impl FnMut(&mut Figures)) {
        let Some((period, of)) = &current.place else {
            return;
        };
        let Some((_, tables)) = self.periods.get_mut(*period) else {
            return;
        };
        for of in of {
            if let Some(figures) = tables.get_mut(of) {
                count(figures);
            } else {
                count(tables.entry(of.clone()).or_default());
            }
        }
    }
}

impl Names {
    fn meet(&mut self, row: &Counted<'_>) {
        // The name as it is now: every row of an export has the same.
        if !self.agencies.contains_key(&*row.agency_id) {
            let known = (
                row.agency_name.to_string(),
                row.agency_country.as_str().to_owned(),
            );
            self.agencies.insert(row.agency_id.to_string(), known);
        }
        if !self.platforms.contains_key(&*row.platform_id) {
            let name = row.platform_name.to_string();
            self.platforms.insert(row.platform_id.to_string(), name);
        }
        if row.kind == Kind::Order && !self.orders.contains(&*row.instrument) {
            self.orders.insert(row.instrument.to_string());
        }
    }
}

fn request(figures: &mut Figures, row: &Counted<'_>, hidden: bool) {
    figures.count(Metric::Requests);
    figures.count(match row.kind {
        Kind::Referral => Metric::Referrals,
        Kind::Order => Metric::Orders,
    });
    if hidden {
        return;
    }
    figures.count_code(Metric::Status, row.status as usize);
    if let Some(reason) = row.withdrawal_reason {
        figures.count_code(Metric::Withdrawal, reason as usize);
    }
    for (measure, at) in [
        (Measure::Receipt, row.fetched_at),
        (Measure::Acknowledgement, row.acknowledged_at),
    ] {
        if let Some(at) = at {
            figures.time_mut(measure).add(row.filed_at, at);
        }
    }
    if row.kind == Kind::Order {
        let border = match row.platform_country {
            None => Border::Unknown,
            Some(country) if country == row.agency_country => Border::Domestic,
            Some(_) => Border::Across,
        };
        let scrutiny = match (row.scrutiny_finding, row.scrutiny_asked_at) {
            (Some(Finding::Infringement), _) => Scrutiny::Infringement,
            (Some(Finding::NoInfringement), _) => Scrutiny::NoInfringement,
            (None, Some(_)) => Scrutiny::Asked,
            (None, None) => Scrutiny::None,
        };
        let finality = match row.final_at {
            Some(_) => Finality::Final,
            None => Finality::NotFinal,
        };
        figures.count_code(Metric::Border, border as usize);
        figures.count_code(Metric::Scrutiny, scrutiny as usize);
        figures.count_code(Metric::Finality, finality as usize);
    }
}

fn item(figures: &mut Figures, row: &Counted<'_>, hidden: bool) {
    figures.count(Metric::Items);
    if hidden {
        return;
    }
    let removed = matches!(
        row.undone_outcome,
        Some(OutcomeCode::Removed | OutcomeCode::AccessDisabled)
    );
    let outcome = match row.outcome {
        Some(code) => Outcome::of(code, removed),
        None if row.is_withdrawn() => Outcome::Withdrawn,
        None => Outcome::Undecided,
    };
    let effect = row.effect();
    let basis = effect.map_or(BasisOfAction::None, |(basis, _)| basis.into());
    figures.count_code(Metric::Outcome, outcome as usize);
    figures.count_code(Metric::Result, outcome.group() as usize);
    figures.count_code(Metric::Removal, outcome.removal() as usize);
    figures.count_code(Metric::Basis, basis as usize);
    let taken_back = TakenBack::from(row.item_withdrawal_reason);
    figures.count_code(Metric::ItemWithdrawal, taken_back as usize);
    figures.count_code(Metric::Restoration, asked_back(row) as usize);
    figures.count_code(Metric::Objection, objected(row) as usize);
    if row.outcome == Some(OutcomeCode::Restored) {
        figures.count_code(Metric::Reinstatement, reinstated(row) as usize);
    }
    if let Some(at) = row.first_decided_at {
        figures.time_mut(Measure::Outcome).add(row.filed_at, at);
    }
    if let Some((receipt, (_, at))) = row.fetched_at.zip(effect) {
        figures.time_mut(Measure::Effect).add(receipt, at);
    }
}

fn asked_back(row: &Counted<'_>) -> AskedBack {
    let acted_on = row.outcome.is_some_and(OutcomeCode::acted_on);
    match row.restoration_answer {
        Some(OutcomeCode::Restored) => AskedBack::Restored,
        Some(_) => AskedBack::Declined,
        None if row.is_withdrawn() && acted_on => AskedBack::Unanswered,
        None => AskedBack::NotAsked,
    }
}

fn objected(row: &Counted<'_>) -> Objected {
    match row.objection_outcome {
        Some(outcome) => outcome.into(),
        None if row.objections > 0 => Objected::Open,
        None => Objected::None,
    }
}

fn reinstated(row: &Counted<'_>) -> Reinstated {
    let annulled = Some(WithdrawalReason::Annulled);
    match row.restoration_answer {
        Some(OutcomeCode::Restored)
            if row.withdrawal_reason == annulled || row.item_withdrawal_reason == annulled =>
        {
            Reinstated::AfterAnnulment
        }
        Some(OutcomeCode::Restored) => Reinstated::AfterWithdrawal,
        _ if row
            .objection_outcome
            .is_some_and(|outcome| outcome.succeeded()) =>
        {
            Reinstated::AfterObjection
        }
        _ => Reinstated::Otherwise,
    }
}
