//! An instrument as it is answered.

use serde::Serialize;
use takedown_core::instrument::{Catalogue, ClockStart, Instrument, Jurisdiction, Unit};
use utoipa::ToSchema;

/// A power that can be claimed here, with what it allows and needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstrumentDetail {
    /// The name used in filings.
    pub id: String,
    /// Of this release; otherwise the operator's own.
    pub built_in: bool,
    /// `referral` or `order`.
    pub kind: String,
    /// `voluntary` or `binding_as_claimed`.
    pub power: String,
    /// Its name in English.
    pub title: String,
    /// Where it is written down.
    pub citation: String,
    /// What it asks for.
    pub summary: String,
    /// Whether ignoring it has an effect, as claimed.
    pub effect: String,
    /// Whose authorities may use it: countries, `eu` for every Member State of the Union, or `any`.
    pub jurisdiction: Vec<String>,
    /// Which types of agency may use it; empty: every type.
    pub issuer_types: Vec<String>,
    /// Which kinds of item it can name; empty: every kind.
    pub item_kinds: Vec<String>,
    /// On what it can rest.
    pub grounds: Vec<InstrumentGround>,
    /// The provision of law has to be cited.
    pub needs_provision: bool,
    /// What else a filing has to have: `legal_basis`, `redress`, `bona_fide`.
    pub elements: Vec<String>,
    /// `any`, `limited` (named countries, never worldwide) or `all_member_states`.
    pub territory: String,
    /// Modifying the content is what was asked, too.
    pub modification_suffices: bool,
    /// How its deadline is computed; `null` without one.
    #[schema(required = true)]
    pub clock: Option<InstrumentClock>,
    /// The lowest ranks that may use it, in words, one line a kind of service; empty: the law sets none.
    pub rank_floor: Vec<String>,
    /// The longest non-disclosure in days; `null` where the law names none. See `allows`.
    #[schema(required = true)]
    pub non_disclosure_days: Option<u32>,
    /// Which of `non_disclosure`, `preservation`, `service` and `prior_notice_waived` a filing may have.
    pub allows: Vec<String>,
    /// How many hours before its first order a platform is told of procedures and deadlines; `null` where it is not.
    #[schema(required = true)]
    pub prior_notice_hours: Option<u32>,
    /// In how many hours the authority of the platform's country, which gets a copy, decides; `null` where none does.
    #[schema(required = true)]
    pub scrutiny_hours: Option<u32>,
    /// What the platform may report as standing in the way.
    pub obstacles: Vec<String>,
    /// In which language it has to be written, in words.
    #[schema(required = true)]
    pub languages: Option<String>,
    /// The forms that the law prescribes.
    pub forms: Vec<String>,
    /// What everyone who uses it should know.
    pub remarks: Vec<String>,
    /// What was recalled rather than read in the official text: read it there before printing it on a form.
    pub recalled: Vec<String>,
}

/// On what an instrument can rest.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstrumentGround {
    /// The code used in filings.
    pub code: String,
    /// What it stands for.
    pub title: String,
    /// Where it is written down.
    pub citation: String,
}

/// How a deadline is computed.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstrumentClock {
    /// In words.
    pub text: String,
    /// `receipt`, `given`, `knowledge` or `specified`.
    pub starts_on: String,
    /// How many; `null` when the order names the instant.
    #[schema(required = true)]
    pub amount: Option<u32>,
    /// `hours` or `working_days`; `null` when the order names the instant.
    #[schema(required = true)]
    pub unit: Option<String>,
    /// Which calendar counts the working days.
    #[schema(required = true)]
    pub calendar: Option<String>,
    /// `resumes` or `restarts`, once an obstacle is gone.
    pub after_interruption: String,
    /// Where it is written down.
    pub citation: String,
}

fn words<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

impl InstrumentDetail {
    /// As the catalogue has it.
    #[must_use]
    pub fn of(instrument: &Instrument) -> Self {
        let allowed = [
            ("non_disclosure", instrument.non_disclosure.is_some()),
            ("preservation", instrument.preservation.is_some()),
            ("service", instrument.service.is_some()),
            ("prior_notice_waived", instrument.prior_notice.is_some()),
        ];
        Self {
            id: instrument.id.to_string(),
            built_in: Catalogue::is_builtin(instrument.id.as_str()),
            kind: instrument.kind.to_string(),
            power: instrument.kind.power().to_owned(),
            title: instrument.title.clone(),
            citation: instrument.citation.clone(),
            summary: instrument.summary.clone(),
            effect: instrument.effect.clone(),
            jurisdiction: match &instrument.jurisdiction {
                Jurisdiction::Any => vec!["any".to_owned()],
                Jurisdiction::EuMemberStates => vec!["eu".to_owned()],
                Jurisdiction::Countries(countries) => words(countries),
            },
            issuer_types: words(&instrument.issuer_types),
            item_kinds: words(&instrument.item_kinds),
            grounds: instrument
                .grounds
                .iter()
                .map(|ground| InstrumentGround {
                    code: ground.code.clone(),
                    title: ground.title.clone(),
                    citation: ground.citation.clone(),
                })
                .collect(),
            needs_provision: instrument.needs_provision,
            elements: instrument
                .elements
                .iter()
                .map(ToString::to_string)
                .collect(),
            territory: instrument.territory.to_string(),
            modification_suffices: instrument.modification_suffices,
            clock: clock(instrument),
            rank_floor: instrument
                .rank_floor
                .iter()
                .flat_map(|floor| &floor.ladders)
                .map(|ladder| {
                    format!(
                        "{}: {}",
                        words(&ladder.agency_types).join(", "),
                        ladder.wanted()
                    )
                })
                .collect(),
            non_disclosure_days: instrument
                .non_disclosure
                .as_ref()
                .and_then(|rule| rule.max_days),
            allows: allowed
                .into_iter()
                .filter(|(_, may)| *may)
                .map(|(what, _)| what.to_owned())
                .collect(),
            prior_notice_hours: instrument.prior_notice.as_ref().map(|rule| rule.hours),
            scrutiny_hours: instrument.scrutiny.as_ref().map(|rule| rule.decide_hours),
            obstacles: words(&instrument.obstacles),
            languages: instrument.languages.clone(),
            forms: instrument.forms.clone(),
            remarks: instrument.remarks.clone(),
            recalled: instrument.recalled.clone(),
        }
    }
}

fn clock(instrument: &Instrument) -> Option<InstrumentClock> {
    let clock = instrument.clock.as_ref()?;
    let counted = clock.starts != ClockStart::Specified;
    let (unit, calendar) = match &clock.unit {
        Unit::Hours => ("hours", None),
        Unit::WorkingDays { calendar, .. } => ("working_days", Some(calendar.clone())),
    };
    Some(InstrumentClock {
        text: clock.to_string(),
        starts_on: clock.starts.to_string(),
        amount: counted.then_some(clock.amount),
        unit: counted.then(|| unit.to_owned()),
        calendar,
        after_interruption: clock.after_interruption.to_string(),
        citation: instrument.clock_citation.clone().unwrap_or_default(),
    })
}
