//! What the pages show.

use askama::Template;
use takedown_core::objection::{MAX_CHARS, NotTaken, ObjectionState};
use takedown_core::text::visible_lines;
use takedown_core::tombstone::{self, Paragraph};

use super::Wrong;
use super::form::Typed;
use super::words::{ALL, Words};
use crate::app::requests::{Looked, Told};
use crate::web::docs::Docs;

/// A title, a line, and the field for a code.
#[derive(Template)]
#[template(path = "web/objection_enter.html")]
pub(in crate::web) struct Enter<'a> {
    w: &'static Words,
    all: &'static [&'static Words],
    title: &'static str,
    line: &'static str,
    contact: Option<&'a str>,
}

impl<'a> Enter<'a> {
    pub(in crate::web) fn new(
        w: &'static Words,
        title: &'static str,
        line: &'static str,
        docs: &'a Docs,
    ) -> Self {
        Self {
            w,
            all: &ALL,
            title,
            line,
            contact: docs.contact(),
        }
    }
}

/// An earlier objection.
pub(super) struct Earlier {
    number: usize,
    made: String,
    made_machine: String,
    outcome: Option<&'static str>,
    restored: bool,
    answer: Option<(String, String, &'static str)>,
}

/// What was done, what came of earlier objections, and the form.
#[derive(Template)]
#[template(path = "web/objection.html")]
pub(in crate::web) struct Page<'a> {
    w: &'static Words,
    all: &'static [&'static Words],
    code: String,
    title: String,
    paragraphs: Vec<Paragraph>,
    redress_title: &'static str,
    redress: Vec<Paragraph>,
    platform: String,
    sent: bool,
    earlier: Vec<Earlier>,
    wrong: Option<&'static str>,
    /// Why there is no form; nothing when there is one.
    closed: Option<&'static str>,
    typed: &'a str,
    language: &'a str,
    max: usize,
    contact: Option<&'a str>,
}

impl<'a> Page<'a> {
    pub(in crate::web) fn of(
        looked: &Looked,
        w: &'static Words,
        docs: &'a Docs,
        (typed, wrong): (&'a Typed, Option<Wrong>),
        sent: bool,
    ) -> Self {
        let language = w.tag.parse().ok();
        let drawn = tombstone::draw(&looked.case, language.as_ref(), None, None).ok();
        let (title, paragraphs, redress, redress_title) = match drawn {
            Some(page) => (
                page.title,
                page.paragraphs,
                page.redress,
                page.redress_title,
            ),
            None => (w.nothing_done.to_owned(), Vec::new(), Vec::new(), ""),
        };
        let closed = match looked.may_object {
            Ok(()) => None,
            Err(NotTaken::NotActedOn) => Some(w.closed_nothing),
            Err(NotTaken::Open) => Some(w.closed_open),
            Err(NotTaken::Enough) => Some(w.closed_enough),
        };
        // Whoever typed something keeps it, also when another objection came first.
        let closed = closed.filter(|_| typed.text.is_empty());
        let chosen = typed.language.as_str();
        Self {
            w,
            all: &ALL,
            code: looked.code.to_string(),
            title,
            paragraphs,
            redress_title,
            redress,
            platform: takedown_core::text::visible(&looked.case.platform).into_owned(),
            sent,
            earlier: (1..)
                .zip(&looked.objections)
                .map(|(number, told)| Earlier::of(number, told, w))
                .collect(),
            wrong: wrong.map(|wrong| said(w, wrong)),
            closed,
            typed: &typed.text,
            language: if chosen.is_empty() { w.tag } else { chosen },
            max: MAX_CHARS,
            contact: docs.contact(),
        }
    }
}

fn said(w: &'static Words, wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::Elsewhere => w.wrong_elsewhere,
        Wrong::Unreadable => w.wrong_unreadable,
        Wrong::Encoding => w.wrong_encoding,
        Wrong::Empty => w.wrong_empty,
        Wrong::TooLong => w.wrong_long,
        Wrong::Control => w.wrong_control,
        Wrong::Later => w.wrong_later,
        Wrong::Taken(NotTaken::NotActedOn) => w.closed_nothing,
        Wrong::Taken(NotTaken::Open) => w.closed_open,
        Wrong::Taken(NotTaken::Enough) => w.closed_enough,
    }
}

impl Earlier {
    fn of(number: usize, told: &Told, w: &'static Words) -> Self {
        let made = told.objection.made_at;
        let answered = match told.objection.state {
            ObjectionState::Made => None,
            ObjectionState::Answered(answer) => Some(answer),
        };
        Self {
            number,
            made: made.format("%Y-%m-%d %H:%M UTC").to_string(),
            made_machine: made.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            outcome: answered.map(|answer| w.outcome(answer.outcome)),
            restored: answered.is_some_and(|answer| answer.restored),
            answer: told.answer.as_ref().map(|text| {
                let direction = if text.language.is_right_to_left() {
                    "rtl"
                } else {
                    "ltr"
                };
                let shown = visible_lines(&text.text).into_owned();
                (shown, text.language.to_string(), direction)
            }),
        }
    }
}
