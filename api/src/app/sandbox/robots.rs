//! What the robots do, each by the use cases that a program would call.
//!
//! A robot remembers nothing: what it does next follows from how the request stands. So a crash in between leaves nothing half done
//! for good, and nobody's request waits for that of somebody else.

use std::collections::HashMap;

use chrono::TimeDelta;
use takedown_core::instrument::{Kind, Obstacle};
use takedown_core::request::{Basis, Outcome, OutcomeCode, Status, UploaderInformed, WaitingFor};
use takedown_core::text::Language;
use takedown_core::time::At;

use super::cast::{Does, ROBOTS, Robot, asking};
use super::here;
use crate::app::once::Answer;
use crate::app::requests::filing::Text;
use crate::app::requests::{
    self, Decision, Expected, Filter, MessageView, NewMessage, NewTombstone, RequestView, Saying,
    preview,
};
use crate::app::{Caller, Cx, Error};
use crate::store::StoreError;

/// So many requests are listed at a time.
const PAGE: usize = 100;
/// So many pages are looked through at once for those that are due.
const PAGES: usize = 10;
/// So often it is a robot's turn in one run, in each status.
const TURNS: usize = 25;
/// So many requests that are let alone are remembered.
const MOST_WAITING: usize = 10_000;
/// No robot waits longer, whatever its host says.
const MOST_PATIENT: TimeDelta = TimeDelta::days(30);
/// So many messages of a request are looked through for a robot's own.
const MESSAGES: i64 = 50;

/// The statuses in which a robot has something to do.
const UNREAD: &[Status] = &[Status::Filed];
const BEGUN: &[Status] = &[Status::Filed, Status::Fetched];
const OPEN: &[Status] = &[Status::Filed, Status::Fetched, Status::Acknowledged];

impl Does {
    const fn when(self) -> &'static [Status] {
        match self {
            Self::Nothing | Self::Hook => &[],
            Self::Read | Self::Doubt => UNREAD,
            Self::Acknowledge => BEGUN,
            Self::Remove | Self::Refuse | Self::Ask | Self::Report | Self::Remorse => OPEN,
        }
    }
}

/// Where each robot goes on the next time, and whom it lets wait. Nothing of it is needed: after a restart it is found again.
#[derive(Debug, Default)]
pub(super) struct Rounds {
    /// The last request that was looked at, by host and status; none: the newest comes next.
    cursors: HashMap<(&'static str, Status), String>,
    /// Until when a request is let alone, as its host says, so that it need not be opened each time to see that.
    waiting: HashMap<String, At>,
}

/// Lets every robot do what it has to do, so much that all others have their turn too. What fails for one request is tried again the
/// next time.
///
/// # Errors
/// [`Error::NotFound`] where this is no sandbox, and those of the store.
pub async fn act(cx: &Cx) -> Result<(), Error> {
    let mut rounds = here(cx)?.rounds.lock().await;
    let now = cx.now();
    rounds.waiting.retain(|_, until| *until > now);
    for robot in &ROBOTS {
        let caller = robot.caller();
        for status in robot.does.when() {
            let place = (robot.host, *status);
            for id in waiting(cx, &caller, &mut rounds, place, |_| true).await? {
                match turn(cx, robot, &id).await {
                    Ok(Some(until)) if rounds.waiting.len() < MOST_WAITING => {
                        rounds.waiting.insert(id, until);
                    }
                    done => said(&id, robot.host, done.map(drop)),
                }
            }
        }
    }
    let agency = asking();
    let answerable = |view: &RequestView| view.request.state.waiting_for() == WaitingFor::Agency;
    let place = ("", Status::NeedsInformation);
    for id in waiting(cx, &agency, &mut rounds, place, answerable).await? {
        said(&id, "the asking agency", answer(cx, &agency, &id).await);
    }
    Ok(())
}

fn said(request: &str, robot: &str, done: Result<(), Error>) {
    if let Err(error) = done {
        tracing::debug!(request, robot, %error, "a robot could not do what it does");
    }
}

/// Some of the requests of a party that stand like this, from where the last look ended.
async fn waiting(
    cx: &Cx,
    caller: &Caller,
    rounds: &mut Rounds,
    place: (&'static str, Status),
    wanted: impl Fn(&RequestView) -> bool,
) -> Result<Vec<String>, Error> {
    let filter = Filter {
        status: Some(place.1.as_str().to_owned()),
        ..Filter::default()
    };
    let mut found = Vec::new();
    for _ in 0..PAGES {
        let before = rounds.cursors.remove(&place);
        let page = requests::list(cx, caller, filter.clone(), before, PAGE).await?;
        let looked = page.items.iter().map(|view| {
            let id = view.request.id.to_string();
            let due = wanted(view) && !rounds.waiting.contains_key(&id);
            (id, due)
        });
        let next = share(&mut found, looked, page.more);
        let is_over = next.is_none();
        rounds.cursors.extend(next.map(|next| (place, next)));
        if is_over || found.len() >= TURNS {
            break;
        }
    }
    // The oldest first.
    found.reverse();
    Ok(found)
}

/// Adds to those whose turn it is out of a page, and gives after which the next look begins; none where that is the newest again.
fn share(
    found: &mut Vec<String>,
    page: impl Iterator<Item = (String, bool)>,
    more: bool,
) -> Option<String> {
    let (mut last, mut is_whole) = (None, true);
    for (id, due) in page {
        if found.len() >= TURNS {
            is_whole = false;
            break;
        }
        last = Some(id.clone());
        if due {
            found.push(id);
        }
    }
    last.filter(|_| more || !is_whole)
}

/// One request, as far as it can be brought now; or until when it is let alone.
async fn turn(cx: &Cx, robot: &Robot, id: &str) -> Result<Option<At>, Error> {
    let caller = &robot.caller();
    let view = preview(cx, caller, id).await?;
    let hosts = view.items.iter().filter_map(|item| item.host.as_deref());
    let until = view.request.filed_at + patience(hosts);
    if cx.now() < until {
        return Ok(Some(until));
    }
    act_on(cx, robot, &view).await.map(|()| None)
}

async fn act_on(cx: &Cx, robot: &Robot, view: &RequestView) -> Result<(), Error> {
    let (caller, id) = (&robot.caller(), view.request.id.to_string());
    let id = id.as_str();
    if robot.does == Does::Doubt {
        let why = text("I cannot tell whether this is really you.")?;
        requests::doubt(
            cx,
            caller,
            id.to_owned(),
            Expected::Nothing,
            Some(why),
            unsaid,
        )
        .await?;
    }
    requests::read(cx, caller, id).await?;
    let kind = view.request.kind;
    match robot.does {
        Does::Nothing | Does::Hook | Does::Read | Does::Doubt => Ok(()),
        Does::Acknowledge => acknowledge(cx, caller, id).await,
        Does::Remove => {
            let removed = outcome(kind, OutcomeCode::Removed, cx.now())?;
            close(cx, caller, id, removed).await
        }
        Does::Refuse => close(cx, caller, id, outcome(kind, declined(kind), cx.now())?).await,
        Does::Ask => ask(cx, caller, view, Saying::Question).await,
        Does::Report => {
            let lacks = Saying::Obstacle(Obstacle::InsufficientInformation);
            ask(cx, caller, view, lacks).await
        }
        Does::Remorse => object(cx, caller, view).await,
    }
}

/// How long a robot waits after the filing: as long as the longest that a label before its host says, such as `2h.removes.test`.
fn patience<'a>(hosts: impl Iterator<Item = &'a str>) -> TimeDelta {
    let labels = hosts.flat_map(|host| host.split('.'));
    let longest = labels.filter_map(span).max().unwrap_or_default();
    longest.min(MOST_PATIENT)
}

/// A whole number of up to four digits and `s`, `m`, `h` or `d`.
fn span(label: &str) -> Option<TimeDelta> {
    let unit = label.chars().next_back()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return None,
    };
    let digits = label.strip_suffix(unit)?;
    let few = (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = few.then(|| digits.parse().ok()).flatten()?;
    Some(TimeDelta::seconds(number * seconds))
}

/// An ordinary no: only a referral is judged by a platform's own terms.
const fn declined(kind: Kind) -> OutcomeCode {
    match kind {
        Kind::Referral => OutcomeCode::DeclinedWithinTerms,
        Kind::Order => OutcomeCode::DeclinedNotUnlawful,
    }
}

fn outcome(kind: Kind, code: OutcomeCode, now: At) -> Result<Outcome, Error> {
    let basis = match kind {
        Kind::Referral => Basis::Terms,
        Kind::Order => Basis::Law,
    };
    let mut outcome = Outcome::new(code, basis, now, UploaderInformed::NotPossible);
    if code.declined() {
        outcome.note = Some("A robot of the sandbox says no to everything.".to_owned());
        outcome.note_language = Some(english()?);
    }
    Ok(outcome)
}

async fn acknowledge(cx: &Cx, caller: &Caller, id: &str) -> Result<(), Error> {
    let ticket = Some("robot".to_owned());
    let done = requests::acknowledge(cx, caller, id.to_owned(), Expected::Nothing, ticket, unsaid);
    done.await.map(drop)
}

/// Acknowledges, answers all that is left with this, and closes.
async fn close(cx: &Cx, caller: &Caller, id: &str, rest: Outcome) -> Result<(), Error> {
    acknowledge(cx, caller, id).await?;
    let (id, any) = (id.to_owned(), Expected::Any);
    let done = requests::close(cx, caller, id, any, Some(rest), unsaid);
    done.await.map(drop)
}

/// Asks once; removes when that was answered.
async fn ask(cx: &Cx, caller: &Caller, view: &RequestView, saying: Saying) -> Result<(), Error> {
    let id = view.request.id.to_string();
    let messages = requests::messages(cx, caller, &id, None, MESSAGES).await?;
    if messages.iter().any(|said| said.kind == saying.as_str()) {
        let removed = outcome(view.request.kind, OutcomeCode::Removed, cx.now())?;
        return close(cx, caller, &id, removed).await;
    }
    let asked = "A robot of the sandbox wants to know more. Answer anything.";
    write(cx, caller, &id, saying, asked).await
}

/// Removes, lets the uploader of the first item object, and closes.
async fn object(cx: &Cx, caller: &Caller, view: &RequestView) -> Result<(), Error> {
    let id = view.request.id.to_string();
    acknowledge(cx, caller, &id).await?;
    if !view.request.undecided().is_empty() {
        let all = Decision {
            items: None,
            outcome: outcome(view.request.kind, OutcomeCode::Removed, cx.now())?,
            dated: false,
        };
        let decisions = (vec![all], None);
        let (given, any) = (id.clone(), Expected::Any);
        requests::decide(cx, caller, given, any, None, decisions, unsaid).await?;
    }
    if let Some(first) = view.items.first() {
        let wanted = NewTombstone {
            request: id.clone(),
            item: first.item.id.to_string(),
            language: Some(english()?),
            status: None,
        };
        // No tombstone while the uploader may not be told: then he has nothing to object to.
        let drawn = requests::tombstone(cx, caller, wanted).await?;
        if let Some(code) = drawn.ok().and_then(|drawn| drawn.code) {
            let words = text("That was a film, and nobody was harmed.")?;
            // He objects once; a second time is not taken.
            let _ = requests::object(cx, &code, words).await?;
        }
    }
    let done = requests::close(cx, caller, id, Expected::Any, None, unsaid);
    done.await.map(drop)
}

/// What the agency that asks says to everything it is asked.
async fn answer(cx: &Cx, caller: &Caller, id: &str) -> Result<(), Error> {
    let words = "A robot of the sandbox knows no more than this.";
    write(cx, caller, id, Saying::Answer, words).await
}

async fn write(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    saying: Saying,
    words: &str,
) -> Result<(), Error> {
    let message = NewMessage {
        saying,
        text: text(words)?,
        items: Vec::new(),
        in_reply_to: None,
        document: None,
    };
    let (id, any) = (id.to_owned(), Expected::Nothing);
    requests::write_message(cx, caller, id, any, None, message, unwritten)
        .await
        .map(drop)
}

fn text(words: &str) -> Result<Text, Error> {
    Ok(Text {
        text: words.to_owned(),
        language: english()?,
    })
}

pub(super) fn english() -> Result<Language, StoreError> {
    let parsed = "en".parse();
    parsed.map_err(|_| StoreError::Inconsistent("en is no language".to_owned()))
}

fn unsaid(view: &RequestView, _: &Caller) -> Answer {
    blank(view.request.version)
}

fn unwritten(_: &MessageView, version: i32) -> Answer {
    blank(version)
}

fn blank(version: i32) -> Answer {
    Answer {
        status: 204,
        headers: Vec::new(),
        body: version.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_says_how_long_a_robot_waits() {
        for (hosts, minutes) in [
            ("removes.test", 0),
            ("2h.removes.test", 120),
            ("ada.2h.removes.test 30m.removes.test", 120),
            ("1d.removes.test", 1_440),
            ("9999d.removes.test", 30 * 1_440),
            ("120s.x.removes.test", 2),
            ("h.removes.test 2hh.removes.test 12345s.removes.test", 0),
            ("-2h.removes.test \u{e4}2h.removes.test", 0),
        ] {
            let waits = patience(hosts.split(' '));
            assert_eq!(waits, TimeDelta::minutes(minutes), "{hosts}");
        }
    }

    #[test]
    fn each_request_has_its_turn_and_none_keeps_the_others_waiting() {
        let page = |due: fn(usize) -> bool| (0..PAGE).map(move |n| (n.to_string(), due(n)));
        let mut found = Vec::new();
        let next = share(&mut found, page(|_| true), true);
        assert_eq!(found.len(), TURNS);
        assert_eq!(next.as_deref(), Some("24"), "the next look goes on here");
        // Whatever is too young takes no turn.
        let mut found = Vec::new();
        let next = share(&mut found, page(|n| n >= 90), true);
        assert_eq!((found.len(), next.as_deref()), (10, Some("99")));
        let next = share(&mut found, page(|_| true), true);
        assert_eq!((found.len(), next.as_deref()), (TURNS, Some("14")));
        // At the end it begins with the newest again, unless something is left.
        assert_eq!(share(&mut Vec::new(), page(|n| n >= 90), false), None);
        let next = share(&mut Vec::new(), page(|_| true), false);
        assert_eq!(next.as_deref(), Some("24"));
        assert_eq!(share(&mut Vec::new(), std::iter::empty(), false), None);
    }
}
