//! What the pages show.

use askama::Template;
use takedown_core::agency::AgencyStatus;
use takedown_core::instrument::{Kind, Obstacle, Unit};
use takedown_core::locator::Locator;
use takedown_core::request::{Awaiting, Clock, ItemRestoration, OutcomeCode, Start, State, Status};
use takedown_core::text::{visible, visible_lines};
use takedown_core::time::At;

use super::act::Done;
use super::typed::{Fault, REST, Typed};
use super::words::{ALL, Words};
use crate::app::requests::filing::Text;
use crate::app::requests::{HistoryEntry, ItemView, Opened, RequestView};
use crate::web::docs::Docs;
use crate::web::words::{Words as Shared, choose as shared};

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

/// A label and what is said under it, with whether that has a direction of its own.
pub(super) struct Row {
    label: &'static str,
    value: String,
    /// `ltr` for what is read from left to right everywhere.
    dir: &'static str,
}

/// Words that somebody wrote.
pub(super) struct Quote {
    label: String,
    at: Option<String>,
    text: String,
    language: String,
    dir: &'static str,
}

/// An answer that can be chosen.
pub(super) struct Choice {
    value: &'static str,
    label: &'static str,
    chosen: bool,
}

/// The fields of one item, or of all others.
pub(super) struct Fields {
    place: String,
    choices: Vec<Choice>,
    more: String,
    note: String,
    outcome_wrong: Option<String>,
    more_wrong: Option<String>,
    note_wrong: Option<String>,
}

/// An item.
pub(super) struct Item {
    number: i32,
    defanged: String,
    kind: &'static str,
    description: Option<(String, String)>,
    seen: Option<String>,
    graphic: bool,
    standing: String,
    note: Option<String>,
    fields: Option<Fields>,
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

/// Whether an item waits for an answer now: an outcome, or whether it is put back.
pub(super) fn answerable(view: &RequestView, item: &ItemView) -> bool {
    match view.request.restoration_of(&item.item) {
        ItemRestoration::Asked => true,
        ItemRestoration::Answered => false,
        ItemRestoration::NotAsked => {
            is_open(view) && item.item.outcome.is_none() && item.item.withdrawal.is_none()
        }
    }
}

/// The answers that can be given: of a referral other ones than of an order, of what is asked back few.
pub(super) fn choices(kind: Kind, restores: bool) -> Vec<OutcomeCode> {
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
    fn of(
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
    fn of(
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

/// What can be known before the receipt: who, may or must, by when, and where, but not what.
fn facts(shown: &Shown<'_>, w: &'static Words) -> Vec<Row> {
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
fn due(clock: &Clock, w: &'static Words) -> Option<String> {
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
fn about(view: &RequestView, w: &'static Words) -> Vec<Row> {
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

fn quotes(view: &RequestView, w: &'static Words) -> Vec<Quote> {
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

fn quote(label: &str, text: &Text) -> Quote {
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
fn kinds(
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

fn author(side: &str, w: &'static Words) -> &'static str {
    match side {
        "agency" => w.by_agency,
        "platform" => w.by_platform,
        "operator" => w.by_operator,
        _ => w.by_other,
    }
}

fn status(view: &RequestView, w: &'static Words) -> &'static str {
    match view.request.status() {
        Status::Filed => w.status_filed,
        Status::Fetched => w.status_fetched,
        Status::Acknowledged => w.status_acknowledged,
        Status::NeedsInformation => w.status_needs_information,
        Status::Closed => w.status_closed,
        Status::Withdrawn => w.status_withdrawn,
    }
}

fn banner(done: Done, w: &'static Words) -> Option<&'static str> {
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

fn day(at: At) -> String {
    at.format("%Y-%m-%d").to_string()
}

fn minute(at: At) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// A title, some lines, and the form for a new link where it helps.
pub(in crate::web) struct Notice {
    w: &'static Words,
    title: &'static str,
    lines: Vec<&'static str>,
    form: bool,
}

impl Notice {
    pub(in crate::web) fn gone(w: &'static Words) -> Self {
        Self::new(w, w.gone_title, vec![w.gone_line, w.gone_why], true)
    }

    pub(in crate::web) fn renew(w: &'static Words) -> Self {
        Self::new(w, w.renew_title, Vec::new(), true)
    }

    pub(in crate::web) fn renewed(w: &'static Words) -> Self {
        Self::new(w, w.renewed_title, vec![w.renewed_line], false)
    }

    pub(in crate::web) fn thanks(w: &'static Words) -> Self {
        Self::new(w, w.thanks_title, vec![w.thanks_line], false)
    }

    pub(in crate::web) fn later(w: &'static Words) -> Self {
        Self::new(w, w.later_title, vec![w.later_line], false)
    }

    fn new(w: &'static Words, title: &'static str, lines: Vec<&'static str>, form: bool) -> Self {
        Self {
            w,
            title,
            lines,
            form,
        }
    }

    pub(in crate::web) fn with(self, docs: &Docs) -> NoticePage<'_> {
        NoticePage {
            w: self.w,
            all: &ALL,
            title: self.title,
            lines: self.lines,
            form: self.form,
            contact: docs.contact(),
        }
    }
}

/// The page of a notice.
#[derive(Template)]
#[template(path = "web/answer_notice.html")]
pub(in crate::web) struct NoticePage<'a> {
    w: &'static Words,
    all: &'static [&'static Words],
    title: &'static str,
    lines: Vec<&'static str>,
    form: bool,
    contact: Option<&'a str>,
}
