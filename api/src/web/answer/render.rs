//! What the pages show.

mod facts;
mod items;
mod notice;

use askama::Template;
use takedown_core::agency::AgencyStatus;
use takedown_core::instrument::Kind;
use takedown_core::platform::Standing;
use takedown_core::request::{Clock, Start, Status};
use takedown_core::text::{visible, visible_lines};
use takedown_core::time::At;

use self::facts::{
    Quote, Row, about, author, banner, day, facts, kinds, minute, quote, quotes, status,
};
use self::items::{Fields, Item};
use super::act::Done;
use super::typed::{Fault, REST, Typed};
use super::words::{ALL, Words};
use crate::app::requests::{HistoryEntry, Opened, RequestView};
use crate::web::docs::Docs;
use crate::web::words::{Words as Shared, choose as shared};

pub(super) use self::items::{answerable, choices};
pub(in crate::web) use self::notice::Notice;

/// So many items that wait for an answer are shown at a time: each brings a list of answers with it.
const SHOWN: usize = 100;

/// What a page is made of.
pub(in crate::web) struct Shown<'a> {
    pub opened: &'a Opened,
    /// What stands in the address of this page.
    pub secret: &'a str,
    pub now: At,
    /// What was pressed before.
    pub done: Option<Done>,
    /// What others did since the page was shown before.
    pub changed: Vec<HistoryEntry>,
}

/// The page.
#[derive(Template)]
#[template(path = "web/answer.html")]
pub(in crate::web) struct Page<'a> {
    w: &'static Words,
    c: &'static Shared,
    all: &'static [&'static Words],
    secret: &'a str,
    version: i32,
    reference: String,
    check_code: String,
    agency: String,
    agency_type: &'static str,
    country: &'static str,
    verified: &'static str,
    days: Option<(String, String)>,
    persons: &'static str,
    warning: Option<&'static str>,
    platform: String,
    voluntary: bool,
    instrument: (String, String),
    rows: Vec<Row>,
    status: &'static str,
    banner: Option<&'static str>,
    doubted: bool,
    asks_to_wait: bool,
    changed: Vec<(String, &'static str, bool)>,
    fault: Vec<String>,
    received: bool,
    receipt_starts: bool,
    about: Vec<Row>,
    quotes: Vec<Quote>,
    untranslated: bool,
    items: Vec<Item>,
    hidden: usize,
    rest: Option<Fields>,
    may_acknowledge: bool,
    may_close: bool,
    may_doubt: bool,
    kinds: Vec<(&'static str, &'static str, bool)>,
    messages: Vec<Quote>,
    signed: bool,
    may_claim: bool,
    typed: &'a Typed,
    faults: &'a [Fault],
    contact: Option<&'a str>,
}

impl<'a> Page<'a> {
    pub(in crate::web) fn of(
        shown: &Shown<'a>,
        w: &'static Words,
        docs: &'a Docs,
        (typed, faults): (&'a Typed, &'a [Fault]),
    ) -> Self {
        let view = &shown.opened.view;
        let c = shared(Some(w.tag), None);
        let received = shown.opened.received();
        let verification = view.agency.verification.as_ref();
        let (verified, days) = match (view.agency.status, verification) {
            (AgencyStatus::Suspended, _) => (c.verified_suspended, None),
            (AgencyStatus::Pending, _) | (_, None) => (c.verified_not, None),
            (AgencyStatus::Verified, Some(v)) => (
                c.method(v.method),
                Some((day(v.verified_at), day(v.expires_at))),
            ),
        };
        let warning = if view.agency.status == AgencyStatus::Suspended {
            Some(c.warn_suspended)
        } else if !view.agency.may_file(shown.now) {
            Some(c.warn_not_verified)
        } else {
            None
        };
        let open = view
            .items
            .iter()
            .filter(|item| answerable(view, item))
            .count();
        let all_fields = received && open > 0;
        let mut left = SHOWN;
        let items = view.items.iter().filter(|_| received).filter_map(|item| {
            let fields = answerable(view, item);
            if fields && left == 0 {
                return None;
            }
            left -= usize::from(fields);
            Some(Item::of(view, item, w, (typed, faults)))
        });
        let undecided = view.request.undecided().len();
        Self {
            w,
            c,
            all: &ALL,
            secret: shown.secret,
            version: view.request.version,
            reference: view.reference.to_string(),
            check_code: view.check_code.to_string(),
            agency: visible(&view.agency.name).into_owned(),
            agency_type: c.agency_type(view.agency.agency_type),
            country: view.agency.country.name(),
            verified,
            days,
            persons: match verification {
                Some(v) if v.is_by_two() => c.by_two,
                _ => c.by_one,
            },
            warning,
            platform: visible(&view.platform.name).into_owned(),
            voluntary: view.request.kind == Kind::Referral,
            instrument: view.filing.power(view.request.instrument.as_str()),
            rows: facts(shown, w),
            status: status(view, w),
            banner: shown.done.and_then(|done| banner(done, w)),
            doubted: view.request.is_doubted(),
            asks_to_wait: view.asks_to_wait(),
            changed: shown
                .changed
                .iter()
                .map(|entry| (minute(entry.at), w.event(&entry.event), entry.via == "link"))
                .collect(),
            fault: faults
                .iter()
                .filter(|fault| fault.field.is_empty())
                .map(|fault| visible_lines(&fault.says).into_owned())
                .collect(),
            receipt_starts: matches!(
                view.request.clock,
                Clock::Waiting {
                    until: Start::Receipt,
                    ..
                }
            ),
            about: if received { about(view, w) } else { Vec::new() },
            quotes: if received {
                quotes(view, w)
            } else {
                Vec::new()
            },
            untranslated: view.filing.translation.is_none(),
            hidden: open.saturating_sub(SHOWN),
            items: items.collect(),
            rest: (all_fields && undecided > 0)
                .then(|| Fields::of(view, REST, false, w, (typed, faults))),
            may_acknowledge: received
                && view.request.state.acknowledged_at().is_none()
                && is_open(view),
            may_close: received && undecided == 0 && is_open(view),
            may_doubt: is_open(view) && !view.request.is_doubted(),
            kinds: if received {
                kinds(view, w, typed)
            } else {
                Vec::new()
            },
            messages: shown
                .opened
                .messages
                .iter()
                .filter(|message| message.side != "uploader")
                .map(|message| Quote {
                    label: author(&message.side, w).to_owned(),
                    at: Some(minute(message.at)),
                    ..quote("", &message.text)
                })
                .collect(),
            signed: received && view.signed.is_some(),
            may_claim: received
                && matches!(
                    view.platform.standing,
                    Standing::Sighted | Standing::Contacted
                ),
            received,
            typed,
            faults,
            contact: docs.contact(),
        }
    }

    /// Whether any item can be answered.
    fn answers(&self) -> bool {
        self.items.iter().any(|item| item.fields.is_some())
    }

    /// What is wrong with a field.
    fn wrong(&self, field: &str) -> Option<&str> {
        wrong(self.faults, field)
    }

    /// What was typed into a field, where it belongs to the form of this button.
    fn typed(&self, pressed: &str, field: &str) -> &str {
        if self.typed.pressed() == pressed {
            self.typed.get(field)
        } else {
            ""
        }
    }

    /// What an answer is based on, unless something was chosen: a referral is judged by the platform's own rules.
    fn basis(&self, value: &str) -> bool {
        let own = if self.voluntary { "terms" } else { "law" };
        self.chosen("basis", value, value == own)
    }

    fn chosen(&self, field: &str, value: &str, unless: bool) -> bool {
        match self.typed.get(field) {
            "" => unless,
            typed => typed == value,
        }
    }
}

fn wrong<'a>(faults: &'a [Fault], field: &str) -> Option<&'a str> {
    let fault = faults.iter().find(|fault| fault.field == field);
    fault.map(|fault| fault.says.as_str())
}

fn is_open(view: &RequestView) -> bool {
    !matches!(view.request.status(), Status::Closed | Status::Withdrawn)
}
