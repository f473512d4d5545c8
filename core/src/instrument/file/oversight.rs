//! Reading the tables about notice, scrutiny and finality.

use serde::Deserialize;
use toml::Spanned;

use super::{Reader, Text};
use crate::instrument::oversight::{FinalityRule, PriorNoticeRule, ScrutinyRule};

/// The longest times that a file can set: a year in hours, ten years in months.
const MAX_HOURS: u32 = 366 * 24;
const MAX_MONTHS: u32 = 120;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPriorNotice {
    hours: Spanned<u32>,
    citation: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScrutiny {
    decide_hours: Spanned<u32>,
    request_hours: Spanned<u32>,
    citation: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFinality {
    exposed_orders: Spanned<u32>,
    exposed_months: Spanned<u32>,
    citation: Text,
    exposed_citation: Text,
}

pub(super) fn prior_notice(
    reader: &mut Reader<'_>,
    raw: Spanned<RawPriorNotice>,
) -> PriorNoticeRule {
    let rule = raw.into_inner();
    PriorNoticeRule {
        hours: within(reader, "hours", rule.hours, MAX_HOURS),
        citation: reader.text("citation", rule.citation),
    }
}

pub(super) fn scrutiny(reader: &mut Reader<'_>, raw: Spanned<RawScrutiny>) -> ScrutinyRule {
    let rule = raw.into_inner();
    ScrutinyRule {
        decide_hours: within(reader, "decide_hours", rule.decide_hours, MAX_HOURS),
        request_hours: within(reader, "request_hours", rule.request_hours, MAX_HOURS),
        citation: reader.text("citation", rule.citation),
    }
}

pub(super) fn finality(reader: &mut Reader<'_>, raw: Spanned<RawFinality>) -> FinalityRule {
    let rule = raw.into_inner();
    FinalityRule {
        exposed_orders: within(reader, "exposed_orders", rule.exposed_orders, u32::MAX),
        exposed_months: within(reader, "exposed_months", rule.exposed_months, MAX_MONTHS),
        citation: reader.text("citation", rule.citation),
        exposed_citation: reader.text("exposed_citation", rule.exposed_citation),
    }
}

fn within(reader: &mut Reader<'_>, field: &str, value: Spanned<u32>, most: u32) -> u32 {
    if !(1..=most).contains(value.get_ref()) {
        reader.refuse(&value.span(), format!("`{field}` is 1 to {most}"));
    }
    value.into_inner()
}
