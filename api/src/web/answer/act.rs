//! What a button does: one or two use cases, each of them the one that the API has for it.

use actix_web::http::StatusCode;
use takedown_core::id::ItemId;
use takedown_core::instrument::Obstacle;
use takedown_core::request::{
    Basis, Illegal, ItemRestoration, Outcome, OutcomeCode, UploaderInformed,
};
use takedown_core::text::Country;
use takedown_core::time::At;

use super::render::answerable;
use super::typed::{Fault, REST, Typed};
use super::words::Words;
use crate::app::once::Answer;
use crate::app::requests::{
    self, Decision, Expected, ItemView, MessageView, NewMessage, Opened, RequestView, Saying,
};
use crate::app::{Caller, Cx, Error};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    Open,
    Acknowledge,
    Decide,
    Close,
    Say,
    Doubt,
    NotMine,
}

impl Done {
    const ALL: [Self; 7] = [
        Self::Open,
        Self::Acknowledge,
        Self::Decide,
        Self::Close,
        Self::Say,
        Self::Doubt,
        Self::NotMine,
    ];

    /// The word in the form and in the address.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledge => "acknowledge",
            Self::Decide => "decide",
            Self::Close => "close",
            Self::Say => "say",
            Self::Doubt => "doubt",
            Self::NotMine => "not_mine",
        }
    }

    pub(super) fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|done| done.as_str() == word)
    }
}

/// Why nothing was done: with which status the page is answered, and what is wrong.
pub(super) type Refused = (StatusCode, Vec<Fault>);

/// Does what was pressed.
pub(super) async fn act(
    cx: &Cx,
    opened: &Opened,
    typed: &Typed,
    words: &Words,
) -> Result<Done, Refused> {
    let Some(wanted) = Done::read(typed.pressed()) else {
        return Err(wrong(Fault::of("", words.wrong_unreadable)));
    };
    let act = Act {
        cx,
        opened,
        typed,
        words,
    };
    match wanted {
        Done::Open => act.open().await?,
        Done::Acknowledge => act.acknowledge().await?,
        Done::Decide => return act.decide().await,
        Done::Close => act.close(act.expected()).await?,
        Done::Say => act.say().await?,
        Done::Doubt => act.doubt().await?,
        Done::NotMine => {
            let why = typed.text("text", words).map_err(wrong)?;
            let told = requests::not_mine(cx, opened, why).await;
            told.map_err(|error| refused(error, words))?;
        }
    }
    Ok(wanted)
}

struct Act<'a> {
    cx: &'a Cx,
    opened: &'a Opened,
    typed: &'a Typed,
    words: &'a Words,
}

impl Act<'_> {
    fn expected(&self) -> Expected {
        let version = self.typed.version();
        version.map_or(Expected::Nothing, Expected::Version)
    }

    async fn open(&self) -> Result<(), Refused> {
        let read = requests::read(self.cx, &self.opened.caller, &self.opened.id()).await;
        read.map(drop).map_err(|error| refused(error, self.words))
    }

    async fn acknowledge(&self) -> Result<(), Refused> {
        let reference = self.typed.line("reference", self.words).map_err(wrong)?;
        self.acknowledged(Expected::Nothing, reference)
            .await
            .map(drop)
    }

    async fn acknowledged(
        &self,
        expected: Expected,
        reference: Option<String>,
    ) -> Result<Expected, Refused> {
        let id = self.opened.id();
        let done = requests::acknowledge(
            self.cx,
            &self.opened.caller,
            id,
            expected,
            reference,
            version,
        );
        done.await
            .map(|answer| after(&answer))
            .map_err(|error| refused(error, self.words))
    }

    /// Whoever decides has it: the acknowledgement comes with the first answer. With `close` the request is closed as well.
    async fn decide(&self) -> Result<Done, Refused> {
        let decisions = self.decisions()?;
        let closing = !self.typed.get("close").is_empty();
        let mut expected = self.expected();
        if self.opened.view.request.state.acknowledged_at().is_none() {
            expected = self.acknowledged(expected, None).await?;
        }
        let decided = requests::decide(
            self.cx,
            &self.opened.caller,
            self.opened.id(),
            expected,
            None,
            (decisions.into_iter().map(|(_, one)| one).collect(), None),
            version,
        )
        .await
        .map_err(|error| refused(error, self.words))?;
        if closing {
            self.close(after(&decided)).await?;
            return Ok(Done::Close);
        }
        Ok(Done::Decide)
    }

    async fn close(&self, expected: Expected) -> Result<(), Refused> {
        let expected = match expected {
            Expected::Nothing => Expected::Any,
            other => other,
        };
        let id = self.opened.id();
        let closed = requests::close(self.cx, &self.opened.caller, id, expected, None, version);
        closed
            .await
            .map(drop)
            .map_err(|error| refused(error, self.words))
    }

    async fn say(&self) -> Result<(), Refused> {
        let obstacle = self.typed.get("kind").parse::<Obstacle>();
        let saying = match (self.typed.get("kind"), obstacle) {
            (_, Ok(obstacle)) => Saying::Obstacle(obstacle),
            ("question", _) => Saying::Question,
            ("obstacle_over", _) => Saying::ObstacleOver,
            ("note", _) => Saying::Note,
            _ => return Err(wrong(Fault::of("kind", self.words.wrong_outcome))),
        };
        let text = self.typed.text("text", self.words).map_err(wrong)?;
        let text = text.ok_or_else(|| wrong(Fault::of("text", self.words.wrong_empty)))?;
        let message = NewMessage {
            saying,
            text,
            items: Vec::new(),
            in_reply_to: None,
            document: None,
        };
        let (caller, id) = (&self.opened.caller, self.opened.id());
        requests::write_message(self.cx, caller, id, Expected::Nothing, None, message, said)
            .await
            .map(drop)
            .map_err(|error| refused(error, self.words))
    }

    async fn doubt(&self) -> Result<(), Refused> {
        let why = self.typed.text("text", self.words).map_err(wrong)?;
        let (caller, id) = (&self.opened.caller, self.opened.id());
        requests::doubt(self.cx, caller, id, Expected::Nothing, why, version)
            .await
            .map(drop)
            .map_err(|error| refused(error, self.words))
    }

    /// The answers that were chosen, each with the place of its fields.
    fn decisions(&self) -> Result<Vec<(String, Decision)>, Refused> {
        let now = self.cx.now();
        let (mut chosen, mut faults) = (Vec::new(), Vec::new());
        let open = || {
            let items = self.opened.view.items.iter();
            items.filter(|item| answerable(&self.opened.view, item))
        };
        let mut left: Vec<ItemId> = Vec::new();
        for item in open() {
            let place = item.item.position.to_string();
            match self.outcome(&place, item_restores(&self.opened.view, item), now) {
                Ok(Some(outcome)) => chosen.push((place, decision(vec![item.item.id], outcome))),
                Ok(None) if self.opened.view.request.undecided().contains(&item.item.id) => {
                    left.push(item.item.id);
                }
                Ok(None) => {}
                Err(fault) => faults.push(fault),
            }
        }
        match self.outcome(REST, false, now) {
            Ok(Some(outcome)) if !left.is_empty() => {
                chosen.push((REST.to_owned(), decision(left, outcome)));
            }
            Ok(_) => {}
            Err(fault) => faults.push(fault),
        }
        if !faults.is_empty() {
            return Err((StatusCode::UNPROCESSABLE_ENTITY, faults));
        }
        if chosen.is_empty() {
            let field = format!("outcome-{REST}");
            return Err(wrong(Fault::of(&field, self.words.wrong_nothing)));
        }
        Ok(chosen)
    }

    /// What was chosen in one place.
    fn outcome(&self, place: &str, restores: bool, now: At) -> Result<Option<Outcome>, Fault> {
        let (typed, words) = (self.typed, self.words);
        let field = |name: &str| format!("{name}-{place}");
        let code = typed.of("outcome", place);
        if code.is_empty() {
            // Words without an answer would be lost.
            return match typed.note(place, words)? {
                None => Ok(None),
                Some(_) => Err(Fault::of(&field("outcome"), words.wrong_outcome)),
            };
        }
        let known = super::render::choices(self.opened.view.request.kind, restores);
        let code = code
            .parse::<OutcomeCode>()
            .ok()
            .filter(|code| known.contains(code));
        let code = code.ok_or_else(|| Fault::of(&field("outcome"), words.wrong_outcome))?;
        let basis = typed.get("basis").parse::<Basis>();
        let informed = typed.get("informed").parse::<UploaderInformed>();
        let mut outcome = Outcome::new(
            code,
            basis.map_err(|_| Fault::of("basis", words.wrong_outcome))?,
            now,
            informed.map_err(|_| Fault::of("informed", words.wrong_outcome))?,
        );
        let more = typed.line(&field("more"), words)?;
        match (code, more) {
            (OutcomeCode::GeoBlocked, more) => {
                let countries = countries(&more.unwrap_or_default());
                outcome.countries =
                    countries.ok_or_else(|| Fault::of(&field("more"), words.wrong_countries))?;
            }
            (OutcomeCode::Duplicate, more) => {
                let earlier =
                    more.ok_or_else(|| Fault::of(&field("more"), words.wrong_duplicate))?;
                outcome.duplicate_of = Some(earlier);
            }
            // Nothing that was typed is dropped: what has no place of its own goes to the agency as words.
            (_, more) => outcome.note = more,
        }
        let note = typed.note(place, words)?;
        outcome.note = match (outcome.note, note) {
            (Some(more), Some(note)) => Some(format!("{more}\n{note}")),
            (more, note) => more.or(note),
        };
        outcome.note_language = outcome.note.as_ref().and_then(|_| typed.language());
        Ok(Some(outcome))
    }
}

fn item_restores(view: &RequestView, item: &ItemView) -> bool {
    view.request.restoration_of(&item.item) != ItemRestoration::NotAsked
}

fn decision(items: Vec<ItemId>, outcome: Outcome) -> Decision {
    Decision {
        items: Some(items),
        outcome,
        dated: false,
    }
}

/// Countries as people write them; none when one is none, or twice.
fn countries(text: &str) -> Option<Vec<Country>> {
    let mut countries: Vec<Country> = Vec::new();
    for word in text
        .split([',', ';', ' ', '\u{60c}'])
        .filter(|word| !word.is_empty())
    {
        let country = word.to_ascii_uppercase().parse().ok()?;
        if countries.contains(&country) {
            return None;
        }
        countries.push(country);
    }
    (!countries.is_empty()).then_some(countries)
}

fn blank(version: i32) -> Answer {
    Answer {
        status: 204,
        headers: Vec::new(),
        body: version.to_string(),
    }
}

/// An answer that says nothing but the version: the page is read anew.
fn version(view: &RequestView, _: &Caller) -> Answer {
    blank(view.request.version)
}

fn said(_: &MessageView, version: i32) -> Answer {
    blank(version)
}

fn after(answer: &Answer) -> Expected {
    answer.body.parse().map_or(Expected::Any, Expected::Version)
}

fn wrong(fault: Fault) -> Refused {
    (StatusCode::UNPROCESSABLE_ENTITY, vec![fault])
}

/// A refusal of the use case, in the reader's words where there are some.
fn refused(error: Error, words: &Words) -> Refused {
    let of = |says: &str| vec![Fault::of("", says)];
    match error {
        Error::StaleVersion(_) => (StatusCode::CONFLICT, of(words.changed_line)),
        Error::Refused(illegal) => match *illegal {
            Illegal::Undecided { .. } => {
                wrong(Fault::of(&format!("outcome-{REST}"), words.wrong_undecided))
            }
            other => {
                let says = format!("{} ({other})", words.wrong_moment);
                (StatusCode::CONFLICT, of(&says))
            }
        },
        Error::Conflict(_) | Error::NotFound | Error::Forbidden(_) => {
            (StatusCode::CONFLICT, of(words.wrong_moment))
        }
        Error::Invalid(errors) => {
            let faults = errors.into_iter().map(|error| Fault::of("", error.detail));
            (StatusCode::UNPROCESSABLE_ENTITY, faults.collect())
        }
        error => {
            tracing::warn!(%error, "an answer by link could not be stored");
            (StatusCode::SERVICE_UNAVAILABLE, of(words.wrong_later))
        }
    }
}
