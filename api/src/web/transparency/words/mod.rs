//! The words of the page, in the languages of the pages that people are led to.

mod ar;
mod en;

use takedown_core::transparency::{Dimension, Measure, Metric};

use crate::web::words::most_wanted;

/// One language. A language that lacks a word does not compile.
pub(super) struct Words {
    pub tag: &'static str,
    pub dir: &'static str,
    /// For the link to the other language.
    pub other_tag: &'static str,
    pub other_name: &'static str,
    pub language: &'static str,

    pub title: &'static str,
    pub filed: &'static str,
    pub made: &'static str,
    pub over: &'static str,
    pub open: &'static str,
    /// Between these two stands the threshold.
    pub told: [&'static str; 2],
    pub undisclosed: &'static str,
    pub periods: &'static str,
    pub only: &'static str,
    pub everything: &'static str,
    pub withheld_table: &'static str,
    pub none_title: &'static str,
    pub none_line: &'static str,
    pub later_title: &'static str,
    pub later_line: &'static str,

    pub what: &'static str,
    pub requests: &'static str,
    pub items: &'static str,
    pub month: &'static str,
    pub median: &'static str,
    pub p90: &'static str,
    pub by_month: &'static str,
    pub times: &'static str,
    pub times_line: &'static str,
    pub nothing: &'static str,
    pub withheld: &'static str,
    pub not_known: &'static str,
    pub too_few: &'static str,

    pub results: [(&'static str, &'static str); 7],
    pub refusals: [(&'static str, &'static str); 5],
    pub withdrawals: [(&'static str, &'static str); 4],
    pub restorations: [(&'static str, &'static str); 3],
    pub objections: [(&'static str, &'static str); 5],
    pub measures: [&'static str; 4],
    /// Of results, refusals, withdrawals, restorations and objections.
    pub titles: [&'static str; 5],
    /// By agency, country, size, instrument and ground.
    pub by: [&'static str; 5],
    pub sizes: [(&'static str, &'static str); 5],

    pub law: &'static str,
    pub law_line: &'static str,
    pub letter: &'static str,
    pub of: &'static str,
    pub number: &'static str,
    pub all: &'static str,
    pub machines: &'static str,
    pub machines_line: &'static str,
}

/// A metric that is drawn: its codes with their words, and its title.
pub(super) type Drawn = (
    Metric,
    &'static [(&'static str, &'static str)],
    &'static str,
);

impl Words {
    /// What is drawn within a table.
    pub(super) fn drawn(&'static self) -> [Drawn; 5] {
        let [results, refusals, withdrawals, restorations, objections] = self.titles;
        [
            (Metric::Result, &self.results, results),
            (Metric::Outcome, &self.refusals, refusals),
            (Metric::Withdrawal, &self.withdrawals, withdrawals),
            (Metric::Restoration, &self.restorations, restorations),
            (Metric::Objection, &self.objections, objections),
        ]
    }

    /// By what tables are compared.
    pub(super) fn compared(&self) -> [(Dimension, &'static str); 5] {
        let [agency, country, size, instrument, ground] = self.by;
        [
            (Dimension::Agency, agency),
            (Dimension::Country, country),
            (Dimension::PlatformSizeClass, size),
            (Dimension::Instrument, instrument),
            (Dimension::Ground, ground),
        ]
    }

    pub(super) const fn measure(&self, measure: Measure) -> &'static str {
        self.measures[measure as usize]
    }

    /// What stands in the place of a number that is not told.
    pub(super) fn shown<'a>(&self, shown: &'a str) -> &'a str
    where
        Self: 'a,
        'static: 'a,
    {
        match shown {
            "withheld" => self.withheld,
            "not known to the exchange" => self.not_known,
            "no value" => self.nothing,
            few if few.starts_with("fewer than") => self.too_few,
            number => number,
        }
    }
}

pub(super) const ALL: [&Words; 2] = [&en::WORDS, &ar::WORDS];

/// The language that was asked for by name, or else the most wanted of `Accept-Language` that we have, or English.
pub(super) fn choose(asked: Option<&str>, accept: Option<&str>) -> &'static Words {
    most_wanted(&ALL, |words| words.tag, asked, accept).unwrap_or(&en::WORDS)
}
