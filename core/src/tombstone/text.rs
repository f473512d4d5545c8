//! From a case to paragraphs.

use super::{Case, Paragraph, Way, words::Words};
use crate::{
    instrument::Kind,
    request::{Basis, Outcome, OutcomeCode},
    text::{Country, visible},
};

/// The order whose law knows most of uploaders.
const TCO: &str = "eu-tco-order";
/// First strong isolate and its end: what stands between them does not turn its neighbours round (Unicode UAX 9).
const ISOLATE: (char, char) = ('\u{2068}', '\u{2069}');

/// Writes the paragraphs of one page.
pub(super) struct Writer<'a> {
    pub case: &'a Case,
    pub outcome: &'a Outcome,
    pub way: Option<Way<'a>>,
    pub words: &'static Words,
}

impl Writer<'_> {
    pub(super) fn title(&self, disclosed: bool) -> String {
        let w = self.words;
        let title = match self.outcome.code {
            OutcomeCode::GeoBlocked => w.title_blocked,
            OutcomeCode::AccountSuspended => w.title_suspended,
            OutcomeCode::Restricted => w.title_restricted,
            OutcomeCode::Modified => w.title_modified,
            _ if !disclosed => w.title_withheld,
            OutcomeCode::AccessDisabled => w.title_disabled,
            _ => w.title_removed,
        };
        title.to_owned()
    }

    /// What was done, in words that are the same whoever asked for it.
    fn withheld(&self) -> &'static str {
        let w = self.words;
        match self.outcome.code {
            OutcomeCode::GeoBlocked => w.done_withheld_blocked,
            OutcomeCode::AccountSuspended => w.done_withheld_suspended,
            OutcomeCode::Restricted => w.done_withheld_restricted,
            OutcomeCode::Modified => w.done_withheld_modified,
            _ => w.done_withheld,
        }
    }

    pub(super) fn paragraphs(&self, disclosed: bool) -> Vec<Paragraph> {
        let w = self.words;
        if !disclosed {
            return vec![self.says("measure", self.withheld())];
        }
        let done = match self.outcome.code {
            OutcomeCode::AccessDisabled => w.done_disabled,
            OutcomeCode::GeoBlocked => w.done_blocked,
            OutcomeCode::AccountSuspended => w.done_suspended,
            OutcomeCode::Restricted => w.done_restricted,
            OutcomeCode::Modified => w.done_modified,
            _ => w.done_removed,
        };
        let basis = match (self.case.kind, self.outcome.basis) {
            (Kind::Referral, Basis::Terms) => w.asked_terms,
            (Kind::Referral, Basis::Law) => w.asked_law,
            (Kind::Order, Basis::Law) => w.ordered_law,
            (Kind::Order, Basis::Terms) => w.ordered_terms,
        };
        let mut all = vec![self.says("measure", done), self.says("basis", basis)];
        if self.case.kind == Kind::Order {
            let territory = if self.case.territory.is_empty() {
                w.everywhere
            } else {
                w.territory
            };
            all.push(self.says("territory", territory));
        }
        if self.case.withdrawn {
            all.push(self.says("withdrawal", w.withdrawn));
        }
        all.push(self.says("reference", w.reference));
        all
    }

    pub(super) fn redress(&self, disclosed: bool) -> Vec<Paragraph> {
        let w = self.words;
        if !disclosed {
            return vec![self.says("platform", w.ask_platform)];
        }
        let mut all = Vec::new();
        if self.way.is_some() {
            all.push(self.says("objection", w.objection));
        }
        if self.case.kind == Kind::Order {
            all.push(self.says("court", w.court_order));
            if self.case.instrument == TCO {
                let mut law = self.says("tco", w.tco);
                law.recalled = true;
                all.push(law);
            }
        } else {
            all.push(self.says("court", w.court));
        }
        all.push(self.says("authority", w.complaints));
        all
    }

    fn says(&self, part: &'static str, text: &str) -> Paragraph {
        Paragraph {
            part,
            text: self.fill(text),
            recalled: false,
        }
    }

    /// Puts the values in, each kept apart from the words round it; nothing within a value is taken for a placeholder.
    pub(super) fn fill(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 64);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, behind)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            let value = self.value(name);
            if self.words.right_to_left || !value.is_ascii() {
                out.push(ISOLATE.0);
                out.push_str(&value);
                out.push(ISOLATE.1);
            } else {
                out.push_str(&value);
            }
            rest = behind;
        }
        out.push_str(rest);
        out
    }

    fn value(&self, name: &str) -> String {
        let case = self.case;
        let shown = |text: &str| visible(text).into_owned();
        match name {
            "platform" => shown(&case.platform),
            "agency" => shown(&case.agency),
            "country" => self.country(case.country),
            "citation" if case.citation.is_empty() => shown(&case.instrument),
            "citation" => shown(&case.citation),
            "reference" => case.reference.clone(),
            "jurisdiction" => self.country(case.jurisdiction),
            "territory" => self.countries(&case.territory),
            "countries" => self.countries(&self.outcome.countries),
            "complaints" => shown(&case.complaints),
            "date" => self.outcome.effective_at.format("%Y-%m-%d").to_string(),
            "url" => self.way.map_or_else(String::new, |way| shown(way.url)),
            "code" => self.way.map_or_else(String::new, |way| shown(way.code)),
            // A test fills every text of every language, so that a placeholder without a value is found there.
            other => format!("{{{other}}}"),
        }
    }

    /// Names of countries we have in English only; elsewhere their codes, which are read everywhere.
    fn country(&self, country: Country) -> String {
        if self.words.tag == "en" {
            country.name().to_owned()
        } else {
            country.as_str().to_owned()
        }
    }

    fn countries(&self, all: &[Country]) -> String {
        let names: Vec<String> = all.iter().map(|country| self.country(*country)).collect();
        names.join(", ")
    }
}
