//! Items, and the fields by which they are answered.

use takedown_core::instrument::Kind;
use takedown_core::locator::Locator;
use takedown_core::request::{ItemRestoration, OutcomeCode};
use takedown_core::text::{visible, visible_lines};

use super::super::typed::{Fault, Typed};
use super::super::words::Words;
use super::facts::minute;
use super::{is_open, wrong};
use crate::app::requests::{ItemView, RequestView};

/// An answer that can be chosen.
pub(super) struct Choice {
    pub value: &'static str,
    pub label: &'static str,
    pub chosen: bool,
}

/// The fields of one item, or of all others.
pub(super) struct Fields {
    pub place: String,
    pub choices: Vec<Choice>,
    pub more: String,
    pub note: String,
    pub outcome_wrong: Option<String>,
    pub more_wrong: Option<String>,
    pub note_wrong: Option<String>,
}

/// An item.
pub(super) struct Item {
    pub number: i32,
    pub defanged: String,
    pub kind: &'static str,
    pub description: Option<(String, String)>,
    pub seen: Option<String>,
    pub graphic: bool,
    pub standing: String,
    pub note: Option<String>,
    pub fields: Option<Fields>,
}

/// Whether an item waits for an answer now: an outcome, or whether it is put back.
pub(in crate::web::answer) fn answerable(view: &RequestView, item: &ItemView) -> bool {
    match view.request.restoration_of(&item.item) {
        ItemRestoration::Asked => true,
        ItemRestoration::Answered => false,
        ItemRestoration::NotAsked => {
            is_open(view) && item.item.outcome.is_none() && item.item.withdrawal.is_none()
        }
    }
}

/// The answers that can be given: of a referral other ones than of an order, of what is asked back few.
pub(in crate::web::answer) fn choices(kind: Kind, restores: bool) -> Vec<OutcomeCode> {
    let fits = |code: &&OutcomeCode| match (restores, **code) {
        (true, code) => code == OutcomeCode::Restored || code.declined(),
        (false, OutcomeCode::Restored) => false,
        (false, _) => true,
    };
    let own_rules =
        |code: &&OutcomeCode| kind == Kind::Referral || **code != OutcomeCode::DeclinedWithinTerms;
    OutcomeCode::ALL
        .iter()
        .filter(fits)
        .filter(own_rules)
        .copied()
        .collect()
}

impl Fields {
    pub(super) fn of(
        view: &RequestView,
        place: &str,
        restores: bool,
        w: &'static Words,
        (typed, faults): (&Typed, &[Fault]),
    ) -> Self {
        let chosen = typed.of("outcome", place);
        let says = |field: &str| wrong(faults, &format!("{field}-{place}")).map(str::to_owned);
        Self {
            choices: choices(view.request.kind, restores)
                .into_iter()
                .map(|code| Choice {
                    value: code.as_str(),
                    label: w.outcome(code),
                    chosen: chosen == code.as_str(),
                })
                .collect(),
            more: typed.of("more", place).to_owned(),
            note: typed.of("note", place).to_owned(),
            outcome_wrong: says("outcome"),
            more_wrong: says("more"),
            note_wrong: says("note"),
            place: place.to_owned(),
        }
    }
}

impl Item {
    pub(super) fn of(
        view: &RequestView,
        item: &ItemView,
        w: &'static Words,
        typed: (&Typed, &[Fault]),
    ) -> Self {
        let restoration = view.request.restoration_of(&item.item);
        let answered = item.item.answer.as_ref().map(|answer| &answer.outcome);
        let said = answered.or(item.item.outcome.as_ref());
        let standing = match (restoration, said) {
            (ItemRestoration::Asked, _) => w.asked_back.to_owned(),
            (_, Some(outcome)) => w.outcome(outcome.code).to_owned(),
            (_, None) if item.item.withdrawal.is_some() => w.taken_back.to_owned(),
            (_, None) => w.not_decided.to_owned(),
        };
        let place = item.item.position.to_string();
        let restores = restoration != ItemRestoration::NotAsked;
        let defanged = Locator::parse(item.kind, &item.locator).map(|locator| locator.defanged());
        let description = item.detail.description.as_ref().map(|text| {
            let language = item.detail.language.as_ref().map(ToString::to_string);
            (
                visible_lines(text).into_owned(),
                language.unwrap_or_else(|| "und".to_owned()),
            )
        });
        Self {
            number: item.item.position,
            defanged: defanged.unwrap_or_else(|_| visible(&item.locator).into_owned()),
            kind: item.kind.as_str(),
            description,
            seen: item.detail.seen_at.map(minute),
            graphic: item.detail.graphic.is_some_and(|graphic| graphic > 0),
            standing,
            note: said
                .and_then(|outcome| outcome.note.as_ref())
                .map(|note| visible_lines(note).into_owned()),
            fields: answerable(view, item).then(|| Fields::of(view, &place, restores, w, typed)),
        }
    }
}
