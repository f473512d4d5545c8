//! Reading the tables inside an instrument: clock, duties, service, ranks.

use serde::Deserialize;
use toml::Spanned;

use super::{Reader, Text};
use crate::instrument::calendar::Calendars;
use crate::instrument::clock::{AfterInterruption, ClockRule, ClockStart, Unit};
use crate::instrument::rank::{Ladder, Rank, RankFloor};
use crate::instrument::rules::{NonDisclosureRule, Period, PreservationRule, ServiceRule};

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawUnit {
    Hours,
    WorkingDays,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawClock {
    starts: ClockStart,
    amount: Option<Spanned<u32>>,
    unit: Option<Spanned<RawUnit>>,
    calendar: Option<Text>,
    after_interruption: AfterInterruption,
    pub(super) citation: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawNonDisclosure {
    max_days: Option<Spanned<u32>>,
    #[serde(default)]
    extensions: u32,
    #[serde(default)]
    extension_days: u32,
    citation: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPreservation {
    minimum_months: Option<u32>,
    minimum_days: Option<Spanned<u32>>,
    citation: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawService {
    methods: Spanned<Vec<Text>>,
    citation: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRankFloor {
    citation: Text,
    ladder: Vec<RawLadder>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLadder {
    agency_types: Vec<Text>,
    floor: Text,
    #[serde(default)]
    exceptions: Vec<Text>,
    condition: Option<Text>,
    ranks: Vec<Vec<Text>>,
}

pub(super) fn read_clock(
    reader: &mut Reader<'_>,
    raw: Spanned<RawClock>,
    calendars: &Calendars,
) -> Option<ClockRule> {
    let span = raw.span();
    let clock = raw.into_inner();
    reader.text("citation", clock.citation);
    if clock.starts == ClockStart::Specified {
        if clock.amount.is_some() || clock.unit.is_some() || clock.calendar.is_some() {
            reader.refuse(
                &span,
                "the order itself specifies the time, so `amount`, `unit` and `calendar` must be left out",
            );
        }
        return Some(ClockRule {
            starts: clock.starts,
            amount: 0,
            unit: Unit::Hours,
            after_interruption: clock.after_interruption,
        });
    }
    let (Some(amount), Some(unit)) = (clock.amount, clock.unit) else {
        reader.refuse(&span, "a clock needs `amount` and `unit`");
        return None;
    };
    if *amount.get_ref() == 0 {
        reader.refuse(&amount.span(), "`amount` is at least 1");
    }
    let unit = match (unit.get_ref(), clock.calendar) {
        (RawUnit::Hours, None) => Unit::Hours,
        (RawUnit::Hours, Some(calendar)) => {
            reader.refuse(
                &calendar.span(),
                "hours are counted without a calendar: leave `calendar` out, or use `working_days`",
            );
            return None;
        }
        (RawUnit::WorkingDays, None) => {
            reader.refuse(
                &unit.span(),
                "`working_days` needs the `calendar` that says which days count",
            );
            return None;
        }
        (RawUnit::WorkingDays, Some(calendar)) => {
            if calendars.get(calendar.get_ref()).is_none() {
                let known: Vec<_> = calendars
                    .iter()
                    .map(|calendar| calendar.id.as_str())
                    .collect();
                reader.refuse(
                    &calendar.span(),
                    format!(
                        "unknown calendar `{}`; known are: {}",
                        calendar.get_ref(),
                        known.join(", ")
                    ),
                );
            }
            let own = calendars.get(calendar.get_ref()).filter(|found| found.own);
            Unit::WorkingDays {
                days: own.map(|own| Box::new(own.into())),
                calendar: calendar.into_inner(),
            }
        }
    };
    Some(ClockRule {
        starts: clock.starts,
        amount: amount.into_inner(),
        unit,
        after_interruption: clock.after_interruption,
    })
}

pub(super) fn non_disclosure(
    reader: &mut Reader<'_>,
    raw: Spanned<RawNonDisclosure>,
) -> NonDisclosureRule {
    let span = raw.span();
    let rule = raw.into_inner();
    if let Some(days) = rule.max_days.as_ref().filter(|days| *days.get_ref() == 0) {
        reader.refuse(&days.span(), "`max_days` is at least 1");
    }
    if (rule.extensions == 0) != (rule.extension_days == 0)
        || (rule.max_days.is_none() && rule.extensions > 0)
    {
        reader.refuse(
            &span,
            "`extensions` and `extension_days` belong together, and to a `max_days`",
        );
    }
    NonDisclosureRule {
        max_days: rule.max_days.map(Spanned::into_inner),
        extensions: rule.extensions,
        extension_days: rule.extension_days,
        citation: reader.text("citation", rule.citation),
    }
}

pub(super) fn preservation(
    reader: &mut Reader<'_>,
    raw: Spanned<RawPreservation>,
) -> PreservationRule {
    let rule = raw.into_inner();
    let minimum = match (rule.minimum_months, rule.minimum_days) {
        (Some(_), Some(days)) => {
            reader.refuse(
                &days.span(),
                "use `minimum_months` or `minimum_days`, not both",
            );
            None
        }
        (Some(months), None) => Some(Period::Months(months)),
        (None, days) => days.map(|days| Period::Days(days.into_inner())),
    };
    PreservationRule {
        minimum,
        citation: reader.text("citation", rule.citation),
    }
}

pub(super) fn service(reader: &mut Reader<'_>, raw: Spanned<RawService>) -> ServiceRule {
    let rule = raw.into_inner();
    if rule.methods.get_ref().is_empty() {
        reader.refuse(&rule.methods.span(), "`methods` is empty");
    }
    ServiceRule {
        methods: reader.words("methods", rule.methods.get_ref()),
        citation: reader.text("citation", rule.citation),
    }
}

pub(super) fn rank_floor(reader: &mut Reader<'_>, raw: Spanned<RawRankFloor>) -> RankFloor {
    let floor = raw.into_inner();
    RankFloor {
        citation: reader.text("citation", floor.citation),
        ladders: floor
            .ladder
            .into_iter()
            .filter_map(|ladder| read_ladder(reader, ladder))
            .collect(),
    }
}

fn read_ladder(reader: &mut Reader<'_>, raw: RawLadder) -> Option<Ladder> {
    let mut ladder = Ladder {
        agency_types: reader.words("agency_types", &raw.agency_types),
        ranks: Vec::new(),
        floor: 0,
        exceptions: Vec::new(),
        condition: raw
            .condition
            .map(|condition| reader.text("condition", condition)),
    };
    for names in raw.ranks {
        let mut names = names.into_iter();
        let Some(title) = names.next() else {
            reader.refuse(&raw.floor.span(), "a rank of this ladder has no name");
            continue;
        };
        ladder.ranks.push(Rank {
            title: reader.text("ranks", title),
            also: names.map(|name| reader.text("ranks", name)).collect(),
        });
    }
    ladder.floor = on_ladder(reader, &ladder, &raw.floor)?;
    for exception in &raw.exceptions {
        ladder
            .exceptions
            .extend(on_ladder(reader, &ladder, exception));
    }
    Some(ladder)
}

fn on_ladder(reader: &mut Reader<'_>, ladder: &Ladder, rank: &Text) -> Option<usize> {
    let index = ladder.find(rank.get_ref());
    if index.is_none() {
        reader.refuse(
            &rank.span(),
            format!(
                "`{}` is not among the `ranks` of this ladder",
                rank.get_ref()
            ),
        );
    }
    index
}
