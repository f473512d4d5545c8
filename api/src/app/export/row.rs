//! From stored columns to a row of the export. Of the JSON columns only what a column shows is read, most of it borrowed.

use std::borrow::Cow;

use data_encoding::HEXLOWER;
use serde::Deserialize;
use takedown_core::export::Row;
use takedown_core::oversight::{Oversight, Scrutiny};
use takedown_core::request::ItemRestoration;
use takedown_core::time::At;

use crate::app::Error;
use crate::app::parties::{Agency, Platform, instant};
use crate::store::StoreError;
use crate::store::export::ExportRow;

/// A text of a JSON column: borrowed unless it holds an escape. serde borrows a bare `Cow` only, not one in an `Option`.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Text<'_> {
    fn of<'t>(text: &'t Option<Text<'_>>) -> Option<&'t str> {
        text.as_ref().map(|text| &*text.0)
    }
}

#[derive(Deserialize)]
struct Filing<'a> {
    grounds: Vec<String>,
    #[serde(borrow)]
    reasons: Reasons<'a>,
    #[serde(borrow)]
    provision: Option<Text<'a>>,
    territory: Territory,
    #[serde(borrow)]
    officer: Option<Officer<'a>>,
    service: Option<Service>,
    non_disclosure: Option<Until>,
    #[serde(borrow, default)]
    prior_notice: Option<Beforehand<'a>>,
    #[serde(borrow)]
    attribution: Option<Attribution<'a>>,
}

#[derive(Deserialize)]
struct Beforehand<'a> {
    #[serde(borrow)]
    by: Text<'a>,
    #[serde(borrow, default)]
    reason: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Reasons<'a> {
    #[serde(borrow)]
    text: Text<'a>,
    #[serde(borrow)]
    language: Text<'a>,
}

#[derive(Deserialize)]
struct Territory {
    countries: Vec<String>,
    worldwide: bool,
}

#[derive(Deserialize)]
struct Officer<'a> {
    #[serde(borrow)]
    handle: Text<'a>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    rank: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Service {
    served_at: At,
}

#[derive(Deserialize)]
struct Until {
    until: At,
}

#[derive(Deserialize)]
struct Attribution<'a> {
    #[serde(borrow)]
    source: Text<'a>,
    #[serde(borrow)]
    confidence: Text<'a>,
}

#[derive(Deserialize)]
struct Detail<'a> {
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    language: Option<Text<'a>>,
    graphic: Option<i32>,
    seen_at: Option<At>,
}

#[derive(Deserialize)]
struct Outcome<'a> {
    #[serde(borrow)]
    basis: Text<'a>,
    effective_at: At,
    #[serde(borrow)]
    uploader_informed: Text<'a>,
    countries: Vec<String>,
    #[serde(borrow)]
    duplicate_of: Option<Text<'a>>,
    #[serde(borrow)]
    note: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Undone<'a> {
    #[serde(borrow)]
    code: Text<'a>,
    #[serde(borrow)]
    basis: Text<'a>,
    effective_at: At,
}

/// Makes the row and gives it to `write`.
///
/// # Errors
/// [`StoreError::Inconsistent`] when a column does not hold what it should.
pub(in crate::app) fn with_row(
    raw: &ExportRow,
    agency: &Agency,
    platform: &Platform,
    write: impl FnOnce(&Row<'_>),
) -> Result<(), Error> {
    let filing: Filing<'_> = parsed(raw, "filing", &raw.filing)?;
    let detail: Detail<'_> = parsed(raw, "detail", &raw.detail)?;
    let outcome: Option<Outcome<'_>> = raw
        .outcome_detail
        .as_deref()
        .map(|json| parsed(raw, "outcome_detail", json))
        .transpose()?;
    let mistakes = &raw.mistakes;
    let undone: Option<Undone<'_>> = mistakes
        .undone
        .as_deref()
        .map(|json| parsed(raw, "undone", json))
        .transpose()?;
    let oversight: Option<Oversight> = mistakes
        .oversight
        .as_deref()
        .map(|json| parsed(raw, "oversight", json))
        .transpose()?;
    let scrutiny = oversight.as_ref().and_then(|o| o.scrutiny.as_ref());
    let before = filing.prior_notice.as_ref();
    let at = |millis: Option<i64>| millis.map(instant).transpose();
    let (officer, attribution) = (filing.officer.as_ref(), filing.attribution.as_ref());
    write(&Row {
        request_id: &raw.request_id,
        reference: &raw.reference,
        version: raw.version,
        agency_id: &raw.agency_id,
        agency_name: &agency.name,
        agency_country: agency.country.as_str(),
        platform_id: &raw.platform_id,
        platform_name: &platform.name,
        platform_country: platform.country.map(takedown_core::text::Country::as_str),
        platform_size_class: platform.size_class.as_str(),
        agency_reference: raw.agency_reference.as_deref(),
        platform_reference: raw.platform_reference.as_deref(),
        kind: &raw.kind,
        instrument: &raw.instrument,
        grounds: &filing.grounds,
        provision: Text::of(&filing.provision),
        jurisdiction: &raw.jurisdiction,
        territory: &filing.territory.countries,
        worldwide: filing.territory.worldwide,
        status: &raw.status,
        result: raw.result.as_deref(),
        restoration: mistakes
            .restoration
            .as_deref()
            .unwrap_or(ItemRestoration::NotAsked.as_str()),
        withdrawal_reason: mistakes.withdrawal.as_deref(),
        corrections: mistakes.corrections,
        filed_at: instant(raw.filed_at)?,
        // An erased request has none.
        filing_sha256: (!raw.filing_digest.is_empty())
            .then(|| HEXLOWER.encode(&raw.filing_digest))
            .as_deref(),
        fetched_at: at(raw.fetched_at)?,
        acknowledged_at: at(raw.acknowledged_at)?,
        closed_at: at(raw.closed_at)?,
        withdrawn_at: at(raw.withdrawn_at)?,
        erased_at: at(mistakes.erased_at)?,
        due_at: at(raw.due_at)?,
        prior_notice: before.map(|b| &*b.by.0),
        prior_notice_waived: before.and_then(|b| Text::of(&b.reason)),
        copied_at: scrutiny.and_then(Scrutiny::copied_at),
        scrutiny_asked_at: scrutiny.and_then(|s| s.asked).map(|asked| asked.at),
        scrutiny_finding: scrutiny
            .and_then(|s| s.decision)
            .map(|decision| decision.finding.as_str()),
        final_at: oversight.and_then(|o| o.finality).map(|f| f.final_at),
        served_at: filing.service.as_ref().map(|s| s.served_at),
        non_disclosure_until: filing.non_disclosure.as_ref().map(|n| n.until),
        preservation_until: at(raw.preservation_until)?,
        preservation: raw.preservation_status.as_deref(),
        item_id: &raw.item_id,
        position: raw.position,
        item_kind: &raw.item_kind,
        locator: &raw.locator,
        description: Text::of(&detail.description),
        item_language: Text::of(&detail.language),
        graphic: detail.graphic,
        seen_at: detail.seen_at,
        outcome: raw.outcome.as_deref(),
        basis: outcome.as_ref().map(|o| &*o.basis.0),
        effective_at: outcome.as_ref().map(|o| o.effective_at),
        uploader_informed: outcome.as_ref().map(|o| &*o.uploader_informed.0),
        countries: outcome.as_ref().map_or(&[], |o| &o.countries),
        duplicate_of: outcome.as_ref().and_then(|o| Text::of(&o.duplicate_of)),
        outcome_note: outcome.as_ref().and_then(|o| Text::of(&o.note)),
        decided_at: at(raw.decided_at)?,
        first_decided_at: at(mistakes.first_decided_at)?,
        undone_outcome: undone.as_ref().map(|u| &*u.code.0),
        undone_basis: undone.as_ref().map(|u| &*u.basis.0),
        undone_effective_at: undone.as_ref().map(|u| u.effective_at),
        item_withdrawal_reason: mistakes.item_withdrawal.as_deref(),
        item_withdrawn_at: at(mistakes.item_withdrawn_at)?,
        objections: mistakes.objections,
        objection_outcome: mistakes.objection_outcome.as_deref(),
        restoration_answer: mistakes.restoration_answer.as_deref(),
        reasons: &filing.reasons.text.0,
        reasons_language: &filing.reasons.language.0,
        operation: raw.operation.as_deref(),
        officer_handle: officer.map(|o| &*o.handle.0),
        officer_name: officer.and_then(|o| Text::of(&o.name)),
        officer_rank: officer.and_then(|o| Text::of(&o.rank)),
        attribution: attribution.map(|a| &*a.source.0),
        attribution_confidence: attribution.map(|a| &*a.confidence.0),
    });
    Ok(())
}

/// The parser's own words may repeat a value, and a log must not; the item leads to it.
fn parsed<'a, T: Deserialize<'a>>(
    raw: &ExportRow,
    column: &str,
    json: &'a str,
) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|error| {
        Error::Store(StoreError::Inconsistent(format!(
            "the column {column} of {} is not what it should be (at column {})",
            raw.item_id,
            error.column()
        )))
    })
}
