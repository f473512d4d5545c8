//! Reading an instrument.

use serde::Deserialize;
use toml::Spanned;

use super::oversight::{
    RawFinality, RawPriorNotice, RawScrutiny, finality, prior_notice, scrutiny,
};
use super::parts::{
    RawClock, RawNonDisclosure, RawPreservation, RawRankFloor, RawService, non_disclosure,
    preservation, rank_floor, read_clock, service,
};
use super::{RawGround, Reader, Text, add_ground};
use crate::agency::AgencyType;
use crate::instrument::calendar::Calendars;
use crate::instrument::catalogue::{FileError, Source};
use crate::instrument::{Ground, Instrument, Jurisdiction, Kind, TerritoryRule};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: Text,
    kind: Spanned<Kind>,
    title: Text,
    citation: Text,
    summary: Text,
    effect: Text,
    jurisdiction: Spanned<Vec<Text>>,
    issuer_types: Vec<Text>,
    item_kinds: Vec<Text>,
    #[serde(default)]
    grounds: Vec<Text>,
    #[serde(default)]
    any_ground: bool,
    needs_reasons: bool,
    needs_provision: bool,
    #[serde(default)]
    elements: Vec<Text>,
    territory: TerritoryRule,
    modification_suffices: bool,
    obstacles: Vec<Text>,
    languages: Option<Text>,
    #[serde(default)]
    forms: Vec<Text>,
    #[serde(default)]
    remarks: Vec<Text>,
    #[serde(default)]
    recalled: Vec<Text>,
    clock: Option<Spanned<RawClock>>,
    non_disclosure: Option<Spanned<RawNonDisclosure>>,
    preservation: Option<Spanned<RawPreservation>>,
    prior_notice: Option<Spanned<RawPriorNotice>>,
    scrutiny: Option<Spanned<RawScrutiny>>,
    finality: Option<Spanned<RawFinality>>,
    service: Option<Spanned<RawService>>,
    rank_floor: Option<Spanned<RawRankFloor>>,
    /// Grounds of its own: an operator's file cannot add to the list that all share.
    #[serde(default)]
    ground: Vec<RawGround>,
}

/// The instrument in `source` and the line of its id, or `None` with the reasons in `errors`.
pub(in crate::instrument) fn instrument(
    source: &Source<'_>,
    known: &[Ground],
    calendars: &Calendars,
    errors: &mut Vec<FileError>,
) -> Option<(Instrument, usize)> {
    let before = errors.len();
    let mut reader = Reader::new(source, errors);
    let mut raw: Raw = reader.read()?;
    reader.id(&raw.id);
    let line = reader.line(&raw.id.span());
    referral_has_no_power(&mut reader, &raw);
    let id = reader.word("id", &raw.id);
    let own = std::mem::take(&mut raw.ground);
    let grounds = grounds(&mut reader, &raw, known, own);
    let clock_citation = raw
        .clock
        .as_ref()
        .map(|clock| clock.get_ref().citation.get_ref().clone());
    let instrument = Instrument {
        id: id?,
        kind: *raw.kind.get_ref(),
        jurisdiction: jurisdiction(&mut reader, &raw.jurisdiction),
        issuer_types: reader.words::<AgencyType>("issuer_types", &raw.issuer_types),
        item_kinds: reader.words("item_kinds", &raw.item_kinds),
        grounds,
        any_ground: raw.any_ground,
        needs_reasons: raw.needs_reasons,
        needs_provision: raw.needs_provision,
        elements: reader.words("elements", &raw.elements),
        territory: raw.territory,
        modification_suffices: raw.modification_suffices,
        obstacles: reader.words("obstacles", &raw.obstacles),
        languages: raw
            .languages
            .map(|languages| reader.text("languages", languages)),
        forms: texts(&mut reader, "forms", raw.forms),
        clock: raw
            .clock
            .and_then(|clock| read_clock(&mut reader, clock, calendars)),
        clock_citation,
        non_disclosure: raw
            .non_disclosure
            .map(|rule| non_disclosure(&mut reader, rule)),
        preservation: raw.preservation.map(|rule| preservation(&mut reader, rule)),
        prior_notice: raw.prior_notice.map(|rule| prior_notice(&mut reader, rule)),
        scrutiny: raw.scrutiny.map(|rule| scrutiny(&mut reader, rule)),
        finality: raw.finality.map(|rule| finality(&mut reader, rule)),
        service: raw.service.map(|rule| service(&mut reader, rule)),
        rank_floor: raw.rank_floor.map(|floor| rank_floor(&mut reader, floor)),
        title: reader.text("title", raw.title),
        citation: reader.text("citation", raw.citation),
        summary: reader.text("summary", raw.summary),
        effect: reader.text("effect", raw.effect),
        remarks: texts(&mut reader, "remarks", raw.remarks),
        recalled: texts(&mut reader, "recalled", raw.recalled),
    };
    (errors.len() == before).then_some((instrument, line))
}

fn texts(reader: &mut Reader<'_>, field: &str, values: Vec<Text>) -> Vec<String> {
    values
        .into_iter()
        .map(|value| reader.text(field, value))
        .collect()
}

/// A referral carries no power, so it can carry no duty: an instrument that says otherwise is not a referral.
fn referral_has_no_power(reader: &mut Reader<'_>, raw: &Raw) {
    if *raw.kind.get_ref() != Kind::Referral {
        return;
    }
    let duties = [
        ("clock", raw.clock.as_ref().map(Spanned::span)),
        (
            "non_disclosure",
            raw.non_disclosure.as_ref().map(Spanned::span),
        ),
        ("preservation", raw.preservation.as_ref().map(Spanned::span)),
        ("prior_notice", raw.prior_notice.as_ref().map(Spanned::span)),
        ("scrutiny", raw.scrutiny.as_ref().map(Spanned::span)),
        ("finality", raw.finality.as_ref().map(Spanned::span)),
        ("service", raw.service.as_ref().map(Spanned::span)),
        ("rank_floor", raw.rank_floor.as_ref().map(Spanned::span)),
    ];
    for (field, span) in duties {
        if let Some(span) = span {
            reader.refuse(
                &span,
                format!("a referral is voluntary and cannot have `{field}`: remove it, or make this an `order`"),
            );
        }
    }
}

/// The shared grounds that the file lists, then those that it brings along.
fn grounds(
    reader: &mut Reader<'_>,
    raw: &Raw,
    shared: &[Ground],
    own: Vec<RawGround>,
) -> Vec<Ground> {
    let mut known = shared.to_vec();
    let brings = !own.is_empty();
    for ground in own {
        add_ground(reader, ground, &mut known);
    }
    match (raw.any_ground, raw.grounds.first()) {
        (true, None) => return known,
        (true, Some(first)) => {
            reader.refuse(
                &first.span(),
                "`any_ground` is true, so `grounds` must be left out",
            );
        }
        (false, None) if !brings => reader.refuse(
            &raw.id.span(),
            "`grounds` is empty: list codes, bring grounds of its own as `[[ground]]`, or set `any_ground = true`",
        ),
        (false, _) => {}
    }
    let mut grounds: Vec<Ground> = Vec::new();
    for code in &raw.grounds {
        match known.iter().find(|ground| ground.code == *code.get_ref()) {
            None => reader.refuse(
                &code.span(),
                format!(
                    "unknown ground `{}`: `[[ground]]` brings grounds of its own",
                    code.get_ref()
                ),
            ),
            Some(ground) if grounds.contains(ground) => {
                reader.refuse(
                    &code.span(),
                    format!("the ground `{}` is listed twice", code.get_ref()),
                );
            }
            Some(ground) => grounds.push(ground.clone()),
        }
    }
    for ground in known.into_iter().skip(shared.len()) {
        if !grounds.contains(&ground) {
            grounds.push(ground);
        }
    }
    grounds
}

fn jurisdiction(reader: &mut Reader<'_>, raw: &Spanned<Vec<Text>>) -> Jurisdiction {
    let words: Vec<_> = raw
        .get_ref()
        .iter()
        .map(|word| word.get_ref().as_str())
        .collect();
    match words.as_slice() {
        ["any"] => Jurisdiction::Any,
        ["eu"] => Jurisdiction::EuMemberStates,
        [] => {
            reader.refuse(
                &raw.span(),
                "`jurisdiction` is empty: use [\"any\"], [\"eu\"] or a list of countries",
            );
            Jurisdiction::Countries(Vec::new())
        }
        _ => Jurisdiction::Countries(reader.words("jurisdiction", raw.get_ref())),
    }
}
