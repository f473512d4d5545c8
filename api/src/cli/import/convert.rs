//! From a row of cells to the records that it makes: one for each link.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use serde::Serialize;
use takedown_core::history::Digest;
use takedown_core::instrument::Kind;
use takedown_core::locator::{ItemKind, Locator};
use takedown_core::request::OutcomeCode;
use takedown_core::text::{Language, visible};
use takedown_core::time::rfc3339;

use super::days::{Moment, serial};
use super::mapping::{Mapping, Member, folded};
use super::table::{Cell, SheetRow};

/// What is wrong in a row: the column, if it is of one, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slip {
    pub(super) column: Option<String>,
    pub(super) reason: String,
}

/// One link of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Made {
    pub(super) row: u32,
    /// Its place among the links of the row, from 1; 0 when the row has only one.
    pub(super) link: usize,
    /// As the exchange takes it, or what is wrong.
    pub(super) body: Result<String, Vec<Slip>>,
    /// What of the row was not taken as it stands there.
    pub(super) remarks: Vec<Slip>,
}

/// Where a row stands.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Source {
    pub(super) file: String,
    pub(super) sha256: Digest,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sheet: Option<String>,
    pub(super) row: u32,
}

#[derive(Serialize)]
struct Body<'a> {
    locator: &'a str,
    kind: ItemKind,
    sent_on: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agency_reference: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<Kind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_basis: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    grounds: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<OutcomeCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_on: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a Language>,
    source: &'a Source,
}

/// Makes rows into records; remembers what stands above.
pub(super) struct Converter<'a> {
    mapping: &'a Mapping,
    source: Source,
    /// The place of each column.
    places: Vec<(Member, usize)>,
    /// The last cell of each column that is filled down.
    above: BTreeMap<usize, Cell>,
}

impl<'a> Converter<'a> {
    pub(super) fn new(mapping: &'a Mapping, source: Source, places: Vec<(Member, usize)>) -> Self {
        Self {
            mapping,
            source,
            places,
            above: BTreeMap::new(),
        }
    }

    /// What a row makes; nothing when none of its columns has anything.
    pub(super) fn records(&mut self, row: &SheetRow) -> Vec<Made> {
        let mut cells: BTreeMap<Member, Cell> = BTreeMap::new();
        let blank = |place: usize| row.cells.get(place).is_none_or(|cell| *cell == Cell::Empty);
        if self.places.iter().all(|(_, place)| blank(*place)) {
            return Vec::new();
        }
        for (member, place) in &self.places {
            let mut cell = row.cells.get(*place).cloned().unwrap_or(Cell::Empty);
            let heading = self.mapping.heading(*member).unwrap_or_default();
            let mut down = self.mapping.fill_down.iter();
            if down.any(|filled| folded(filled) == folded(heading)) {
                match cell {
                    Cell::Empty => {
                        cell = self.above.get(place).cloned().unwrap_or(Cell::Empty);
                    }
                    ref filled => drop(self.above.insert(*place, filled.clone())),
                }
            }
            cells.insert(*member, cell);
        }
        self.source.row = row.number;
        let read = Reading {
            mapping: self.mapping,
            cells,
            slips: Vec::new(),
            remarks: Vec::new(),
        };
        read.records(&self.source)
    }
}

struct Reading<'a> {
    mapping: &'a Mapping,
    cells: BTreeMap<Member, Cell>,
    slips: Vec<Slip>,
    remarks: Vec<Slip>,
}

impl Reading<'_> {
    fn records(mut self, source: &Source) -> Vec<Made> {
        let mapping = self.mapping;
        let locators = self.several(Member::Locator);
        let failed = matches!(self.cells.get(&Member::Locator), Some(Cell::Failed(_)));
        if locators.is_empty() && !failed {
            self.slip(Member::Locator, "is empty; each row has a link".into());
        }
        let kind = self.word(Member::Kind, &mapping.words.kind);
        let kind = kind.unwrap_or(mapping.kind);
        let sent = self.moment(Member::SentOn);
        if sent.is_none() && self.cells.get(&Member::SentOn) == Some(&Cell::Empty) {
            let says = "is empty; each row has the day on which the mail was sent";
            self.slip(Member::SentOn, says.into());
        }
        let platform = self.line(Member::Platform).map(|name| {
            let meant = mapping.words.platform.get(&folded(&name));
            meant.cloned().unwrap_or(name)
        });
        let platform = platform.or_else(|| mapping.platform.clone());
        let reference = self.line(Member::AgencyReference);
        let asked = self.word(Member::Asked, &mapping.words.asked);
        let legal_basis = self.line(Member::LegalBasis);
        let grounds = self.several(Member::Grounds);
        let outcome = self.outcome();
        let answered = self.moment(Member::AnsweredOn);
        let note = self.line(Member::Note);
        let language = self.word(Member::Language, &BTreeMap::new());
        let language = language.or_else(|| mapping.language.clone());
        let count = locators.len();
        let place = |at: usize| if count > 1 { at } else { 0 };
        if let Some(says) = sent.as_ref().and_then(|sent| sent.remark.clone()) {
            let column = mapping.heading(Member::SentOn).map(str::to_owned);
            self.remarks.push(Slip {
                column,
                reason: says,
            });
        }
        let Some(Moment {
            day: sent_on,
            instant: sent_at,
            ..
        }) = sent.filter(|_| self.slips.is_empty())
        else {
            // What is wrong with the row is wrong with each of its links: it is said once.
            return vec![Made {
                row: source.row,
                link: 0,
                body: Err(self.slips),
                remarks: Vec::new(),
            }];
        };
        let made = |(at, locator): (usize, &String)| {
            let body = Body {
                locator,
                kind,
                sent_on,
                sent_at: sent_at.map(rfc3339),
                platform: platform.as_deref(),
                agency_reference: reference.as_deref(),
                asked: asked.or(mapping.asked),
                legal_basis: legal_basis.as_deref(),
                grounds: grounds.clone(),
                outcome,
                answered_on: answered.as_ref().map(|answered| answered.day),
                note: note.as_deref(),
                language: language.as_ref(),
                source,
            };
            let slip = |reason: String| {
                let column = mapping.heading(Member::Locator).map(str::to_owned);
                vec![Slip { column, reason }]
            };
            let body = match Locator::parse(kind, locator) {
                Err(why) => Err(slip(why.to_string())),
                Ok(_) => serde_json::to_string(&body).map_err(|why| slip(why.to_string())),
            };
            Made {
                row: source.row,
                link: place(at),
                body,
                remarks: self.remarks.clone(),
            }
        };
        (1..).zip(&locators).map(made).collect()
    }

    fn slip(&mut self, member: Member, reason: String) {
        self.slips.push(Slip {
            column: self.mapping.heading(member).map(str::to_owned),
            reason,
        });
    }

    /// The text of a cell, without the white space round it.
    fn line(&mut self, member: Member) -> Option<String> {
        match self.cells.get(&member)? {
            Cell::Failed(error) => {
                let reason = format!("holds the error {error} of a formula");
                self.slip(member, reason);
                None
            }
            cell => {
                let said = text(cell)?;
                let said = said.trim();
                (!said.is_empty()).then(|| said.to_owned())
            }
        }
    }

    /// The texts of a cell that holds several.
    fn several(&mut self, member: Member) -> Vec<String> {
        let mut parts: Vec<String> = self.line(member).into_iter().collect();
        for separator in &self.mapping.separators {
            let split = parts.iter().flat_map(|part| part.split(separator.as_str()));
            parts = split.map(|part| part.trim().to_owned()).collect();
        }
        parts.retain(|part| !part.is_empty());
        parts
    }

    /// A word of a closed list: as the mapping translates it, or as the exchange has it.
    fn word<T: FromStr<Err: ToString> + Clone>(
        &mut self,
        member: Member,
        meanings: &BTreeMap<String, T>,
    ) -> Option<T> {
        let said = self.line(member)?;
        if let Some(meant) = meanings.get(&folded(&said)) {
            return Some(meant.clone());
        }
        match code(&said) {
            Ok(meant) => Some(meant),
            Err(reason) => {
                self.slip(member, reason);
                None
            }
        }
    }

    fn outcome(&mut self) -> Option<OutcomeCode> {
        let said = self.line(Member::Outcome)?;
        let meant = self.mapping.words.outcome.get(&folded(&said));
        let meant = match (meant, folded(&said).as_str()) {
            (Some(meant), _) => return *meant,
            (None, "unknown") => return None,
            (None, _) => code(&said),
        };
        match meant {
            Ok(code) => Some(code),
            Err(reason) => {
                let says = format!("{reason}; add your word to [words.outcome] of the mapping");
                self.slip(Member::Outcome, says);
                None
            }
        }
    }

    /// A day, and the instant if the cell has one.
    fn moment(&mut self, member: Member) -> Option<Moment> {
        let (mapping, cell) = (self.mapping, self.cells.get(&member)?.clone());
        let zone = mapping.zone;
        let said = match cell {
            Cell::Moment(at) => return Some(Moment::dated(at, zone)),
            // A date whose cell was formatted as a number.
            Cell::Number(number) => match serial(number) {
                Some(at) => return Some(Moment::dated(at, zone)),
                None => number.to_string(),
            },
            Cell::Empty | Cell::Text(_) | Cell::Failed(_) => self.line(member)?,
        };
        for form in &mapping.dates {
            if let Ok(at) = DateTime::parse_from_str(&said, form) {
                return Some(Moment::instant(at.to_utc(), zone));
            }
            if let Ok(at) = NaiveDateTime::parse_from_str(&said, form) {
                return Some(Moment::local(at, zone));
            }
            if let Ok(day) = NaiveDate::parse_from_str(&said, form) {
                return Some(Moment::day(day));
            }
        }
        let cut: String = said.chars().take(40).collect();
        let reason = format!(
            "{:?} is no day in the form {}; `dates` in the mapping says which forms there are",
            visible(&cut),
            mapping.dates.join(" or ")
        );
        self.slip(member, reason);
        None
    }
}

/// A word as the exchange has it; "not found" is not_found.
fn code<T: FromStr<Err: ToString>>(said: &str) -> Result<T, String> {
    let word = folded(said).replace([' ', '-'], "_");
    word.parse()
        .or_else(|_| said.parse())
        .map_err(|e: T::Err| e.to_string())
}

/// What a cell says in words.
pub(super) fn text(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Text(text) => Some(text.clone()),
        Cell::Number(number) if number.trunc() == *number && number.abs() < 1e15 => {
            Some(format!("{number:.0}"))
        }
        Cell::Number(number) => Some(number.to_string()),
        Cell::Moment(at) => Some(at.date().to_string()),
        Cell::Empty | Cell::Failed(_) => None,
    }
}
