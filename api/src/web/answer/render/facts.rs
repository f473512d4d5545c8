//! What is said of the request: before the receipt who asks and how much, after it all.

use takedown_core::instrument::{Obstacle, Unit};
use takedown_core::request::{Awaiting, Clock, Start, State, Status};
use takedown_core::text::{visible, visible_lines};
use takedown_core::time::At;

use super::super::act::Done;
use super::super::typed::Typed;
use super::super::words::Words;
use super::{Shown, is_open};
use crate::app::requests::RequestView;
use crate::app::requests::filing::Text;

/// A label and what is said under it, with whether that has a direction of its own.
pub(super) struct Row {
    pub label: &'static str,
    pub value: String,
    /// `ltr` for what is read from left to right everywhere.
    pub dir: &'static str,
}

/// Words that somebody wrote.
pub(super) struct Quote {
    pub label: String,
    pub at: Option<String>,
    pub text: String,
    pub language: String,
    pub dir: &'static str,
}

/// What can be known before the receipt: who, may or must, by when, and where, but not what.
pub(super) fn facts(shown: &Shown<'_>, w: &'static Words) -> Vec<Row> {
    let view = &shown.opened.view;
    let row = |label, value: String, dir| Row { label, value, dir };
    let mut rows = Vec::new();
    if let Some(due) = due(&view.request.clock, w) {
        rows.push(row(w.due_label, due, ""));
    }
    rows.push(row(w.count_label, view.asked_count().to_string(), ""));
    let mut hosts: Vec<String> = view.platform.hosts.iter().take(5).cloned().collect();
    hosts
        .iter_mut()
        .for_each(|host| *host = host.replace('.', "[.]"));
    if !hosts.is_empty() {
        rows.push(row(w.hosts_label, hosts.join(", "), "ltr"));
    }
    let attested = if view.signed.is_some() {
        w.attested_unit
    } else {
        w.attested_exchange
    };
    rows.push(row(w.attested_label, attested.to_owned(), ""));
    rows.push(row(w.expires_label, minute(shown.opened.expires_at), "ltr"));
    rows
}

/// By when: never of a referral, whose clock is none.
pub(super) fn due(clock: &Clock, w: &'static Words) -> Option<String> {
    match clock {
        Clock::None | Clock::Stopped { .. } => None,
        Clock::Running { due_at, .. } => {
            Some(format!("{} \u{2068}{}\u{2069}", w.due_by, minute(*due_at)))
        }
        Clock::Standing { .. } => Some(w.due_stands.to_owned()),
        Clock::Waiting { rule, until } => match until {
            Start::Receipt => {
                let unit = match rule.unit {
                    Unit::Hours => w.hours,
                    Unit::WorkingDays { .. } => w.working_days,
                };
                Some(format!("{} {} {unit}", w.due_from_opening, rule.amount))
            }
            Start::Service => Some(w.due_from_service.to_owned()),
            Start::Specification | Start::Calendar => None,
        },
    }
}

/// What is said of the request beside its reasons.
pub(super) fn about(view: &RequestView, w: &'static Words) -> Vec<Row> {
    let filing = &view.filing;
    let grounds: Vec<String> = filing
        .grounds
        .iter()
        .map(|code| filing.ground_title(code))
        .collect();
    let territory = if filing.territory.worldwide {
        w.worldwide.to_owned()
    } else {
        let names = filing
            .territory
            .countries
            .iter()
            .map(|country| country.name());
        names.collect::<Vec<_>>().join(", ")
    };
    let officer = filing.officer.as_ref().map(|officer| match &officer.rank {
        Some(rank) => format!("{} ({rank})", officer.handle),
        None => officer.handle.clone(),
    });
    let silent = filing
        .non_disclosure
        .as_ref()
        .filter(|held| held.lifted.is_none());
    let rows = [
        (w.grounds_label, Some(grounds.join("; ")), ""),
        (w.provision_label, filing.provision.clone(), ""),
        (w.territory_label, Some(territory), ""),
        (w.officer_label, officer, ""),
        (w.silent_label, silent.map(|held| minute(held.until)), "ltr"),
        (
            w.keep_label,
            view.preservation
                .as_ref()
                .filter(|kept| kept.stands())
                .map(|kept| minute(kept.until)),
            "ltr",
        ),
    ];
    let rows = rows.into_iter().filter_map(|(label, value, dir)| {
        let value = value.filter(|value| !value.is_empty())?;
        let value = visible(&value).into_owned();
        Some(Row { label, value, dir })
    });
    rows.collect()
}

pub(super) fn quotes(view: &RequestView, w: &'static Words) -> Vec<Quote> {
    let filing = &view.filing;
    let mut quotes = vec![quote(w.reasons_label, &filing.reasons)];
    quotes.extend(
        filing
            .translation
            .as_ref()
            .map(|text| quote(w.translation_label, text)),
    );
    quotes.extend(
        filing
            .elements
            .redress
            .as_ref()
            .map(|text| quote(w.redress_label, text)),
    );
    quotes
}

pub(super) fn quote(label: &str, text: &Text) -> Quote {
    let rtl = text.language.is_right_to_left();
    Quote {
        label: label.to_owned(),
        at: None,
        text: visible_lines(&text.text).into_owned(),
        language: text.language.to_string(),
        dir: if rtl { "rtl" } else { "ltr" },
    }
}

/// What can be written now: an obstacle is reported under the instrument's own list.
pub(super) fn kinds(
    view: &RequestView,
    w: &'static Words,
    typed: &Typed,
) -> Vec<(&'static str, &'static str, bool)> {
    let mut kinds = Vec::new();
    if is_open(view) {
        kinds.push(("question", w.say_question));
        let known = view.filing.obstacles(view.request.instrument.as_str());
        for obstacle in Obstacle::ALL {
            if known.is_none_or(|known| known.contains(obstacle)) {
                kinds.push((obstacle.as_str(), w.obstacle(*obstacle)));
            }
        }
        if matches!(
            view.request.state,
            State::NeedsInformation {
                awaiting: Awaiting::Obstacle(_),
                ..
            }
        ) {
            kinds.push(("obstacle_over", w.say_obstacle_over));
        }
    }
    kinds.push(("note", w.say_note));
    let chosen = typed.get("kind");
    kinds
        .into_iter()
        .map(|(value, label)| (value, label, value == chosen))
        .collect()
}

pub(super) fn author(side: &str, w: &'static Words) -> &'static str {
    match side {
        "agency" => w.by_agency,
        "platform" => w.by_platform,
        "operator" => w.by_operator,
        _ => w.by_other,
    }
}

pub(super) fn status(view: &RequestView, w: &'static Words) -> &'static str {
    match view.request.status() {
        Status::Filed => w.status_filed,
        Status::Fetched => w.status_fetched,
        Status::Acknowledged => w.status_acknowledged,
        Status::NeedsInformation => w.status_needs_information,
        Status::Closed => w.status_closed,
        Status::Withdrawn => w.status_withdrawn,
    }
}

pub(super) fn banner(done: Done, w: &'static Words) -> Option<&'static str> {
    Some(match done {
        Done::Open => w.done_open,
        Done::Acknowledge => w.done_acknowledge,
        Done::Decide => w.done_decide,
        Done::Close => w.done_close,
        Done::Say => w.done_say,
        Done::Doubt => w.done_doubt,
        Done::NotMine => return None,
    })
}

pub(super) fn day(at: At) -> String {
    at.format("%Y-%m-%d").to_string()
}

pub(super) fn minute(at: At) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}
