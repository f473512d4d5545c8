//! What the published report does not say, so that no small count can be found in it.
//!
//! A count below the [`THRESHOLD`] is not told. Nor would that help if it could be computed from the others: counts add
//! up within a table, tables add up to one another, months to quarters and quarters to years. So
//!
//! - a count is told month by month only where every month of the year has enough of it, or none has any; else by quarter
//!   on the same condition, else by year. What is hidden in one month is hidden in all of them. Months of which nothing at
//!   all was filed do not matter. A table with too few requests for its months is not told by month, whatever it counts;
//! - wherever numbers add up to another one, more of them are withheld, the smallest first, until what is small can be
//!   computed neither from one sum nor from all of them together.

use std::collections::BTreeMap;

use super::equation::{Row, Rows, row};
use super::fold::{Names, Tables};
use super::metric::{CELLS, Metric, cell, sums};
use super::of::Of;
use super::period::Period;
use super::relation::{Relation, between_tables};
use super::system::{System, TooMany};

/// Counts below this are not published, nor are percentiles of fewer values.
pub const THRESHOLD: u64 = 5;

/// How a count is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// As it is.
    Told,
    /// That it is below the threshold, be it zero.
    Below,
    /// Not at all.
    Withheld,
}

/// What is hidden in the periods of a year.
pub(super) struct Hidden<'a> {
    periods: &'a [(Period, Tables)],
    tables: Vec<&'a Of>,
    lengths: BTreeMap<Length, Level>,
}

/// What is hidden in all periods of one length.
#[derive(Debug, Clone, Default)]
struct Level {
    /// By table: nothing is told of it but that there are few or many requests.
    closed: Vec<bool>,
    /// By table and count.
    hidden: Vec<bool>,
}

/// The longer first: what is hidden in a quarter is hidden in its months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Length {
    Year,
    Quarter,
    Month,
}

impl Length {
    const fn of(period: Period) -> Option<Self> {
        match period {
            Period::Year(_) => Some(Self::Year),
            Period::Quarter(..) => Some(Self::Quarter),
            Period::Month(..) => Some(Self::Month),
            Period::Span(..) => None,
        }
    }
}

impl<'a> Hidden<'a> {
    /// Decides for the year, the quarters and the months that are told.
    pub(super) fn decide(periods: &'a [(Period, Tables)], names: &Names) -> Self {
        let mut tables: Vec<&Of> = periods.iter().flat_map(|(_, t)| t.keys()).collect();
        tables.sort_unstable();
        tables.dedup();
        let relations = between_tables(&tables, names);
        let mut longer = Level {
            closed: vec![false; tables.len()],
            hidden: vec![false; tables.len() * CELLS],
        };
        let mut lengths = BTreeMap::new();
        for length in [Length::Year, Length::Quarter, Length::Month] {
            let of_length = periods.iter();
            let of_length = of_length.filter(|(period, _)| Length::of(*period) == Some(length));
            let counted = of_length.map(|(_, counted)| counted);
            let counted: Vec<&Tables> = counted.filter(|counted| !is_empty(counted)).collect();
            longer = longer.shorter(&tables, &counted, &relations);
            lengths.insert(length, longer.clone());
        }
        Self {
            periods,
            tables,
            lengths,
        }
    }

    /// How a count is told, by the place of its period.
    pub(super) fn state(&self, period: usize, of: &Of, cell: usize) -> State {
        let (Some((level, counted)), Some(table)) = (self.level(period), self.place(of)) else {
            return State::Told;
        };
        if self.is_told_to_be_empty(period) {
            return State::Told;
        }
        let closed = level.closed.get(table) == Some(&true);
        let hidden = closed || level.hidden.get(table * CELLS + cell) == Some(&true);
        let figures = counted.get(of);
        let value = figures.and_then(|figures| figures.counts().get(cell).copied());
        match (hidden, value.unwrap_or(0)) {
            (false, _) => State::Told,
            (true, value) if value < THRESHOLD => State::Below,
            (true, _) => State::Withheld,
        }
    }

    /// Whether nothing is told of a table but whether it has few or many requests.
    pub(super) fn is_closed(&self, period: usize, of: &Of) -> bool {
        let level = self.level(period).zip(self.place(of));
        !self.is_told_to_be_empty(period)
            && level.is_some_and(|((level, _), table)| level.closed.get(table) == Some(&true))
    }

    /// Whether it is told that nothing was filed in a period: then every count in it is told.
    fn is_told_to_be_empty(&self, period: usize) -> bool {
        let everything = self.place(&Of::default());
        self.level(period).is_some_and(|(level, counted)| {
            let closed = everything.and_then(|table| level.closed.get(table));
            is_empty(counted) && closed != Some(&true)
        })
    }

    /// The tables that a period shows: those in which something was counted, and those that are closed, for that nothing
    /// was counted there would be telling. All others have none in any period of this length.
    pub(super) fn tables(&self, period: usize) -> Vec<&'a Of> {
        let counted = self.periods.get(period).map(|(_, counted)| counted);
        let shown = |of: &&&Of| {
            counted.is_some_and(|counted| counted.contains_key(**of)) || self.is_closed(period, of)
        };
        self.tables.iter().filter(shown).copied().collect()
    }

    fn level(&self, period: usize) -> Option<(&Level, &Tables)> {
        let (period, counted) = self.periods.get(period)?;
        let level = self.lengths.get(&Length::of(*period)?)?;
        Some((level, counted))
    }

    fn place(&self, of: &Of) -> Option<usize> {
        self.tables.binary_search(&of).ok()
    }
}

/// Whether nothing was filed.
fn is_empty(counted: &Tables) -> bool {
    let everything = counted.get(&Of::default());
    everything.is_none_or(|figures| figures.whole(Metric::Requests) == 0)
}

impl Level {
    /// What is hidden in the periods into which those of this level are divided.
    fn shorter(self, tables: &[&Of], counted: &[&Tables], relations: &[Relation]) -> Self {
        let requests = |counted: &&Tables| {
            let of = |of: &&Of| counted.get(of).map_or(0, |f| f.whole(Metric::Requests));
            tables.iter().map(of).collect::<Vec<u64>>()
        };
        let requests: Vec<Vec<u64>> = counted.iter().map(requests).collect();
        let counts = |counted: &&Tables| {
            let none = [0; CELLS];
            let of = |of: &&Of| {
                counted
                    .get(of)
                    .map_or(none.to_vec(), |f| f.counts().to_vec())
            };
            tables.iter().flat_map(of).collect::<Vec<u64>>()
        };
        let counts: Vec<Vec<u64>> = counted.iter().map(counts).collect();
        // Where too much is hidden in too many tables to look through it all, nothing is told of the smaller ones.
        let mut least = THRESHOLD;
        loop {
            let closed = self.closed(&requests, relations, least);
            if let Some(closed) = closed
                && let Ok(level) = self.within(tables, counts.clone(), relations, closed)
            {
                return level;
            }
            least = least.saturating_mul(2);
            if least > u64::from(u32::MAX) {
                return Self {
                    closed: vec![true; tables.len()],
                    hidden: self.hidden,
                };
            }
        }
    }

    /// The tables of which nothing is told: those with fewer requests than this, but not none, and those that hide them.
    fn closed(
        &self,
        requests: &[Vec<u64>],
        relations: &[Relation],
        least: u64,
    ) -> Option<Vec<bool>> {
        let mut system = System {
            values: requests.to_vec(),
            equations: relations.len(),
            relations: relations.to_vec(),
            of_columns: Vec::new(),
            columns: 1,
            hidden: self.closed.clone(),
            unseen: vec![false; self.closed.len()],
            // Who knows how many requests a table has knows every other count of it in the same way.
            all_alike: true,
        };
        for place in 0..self.closed.len() {
            if system.is_below(place, least) {
                system.hide(place);
            }
        }
        system.settle().ok()?;
        Some(system.hidden)
    }

    /// What is hidden in the tables that are not closed.
    fn within(
        &self,
        tables: &[&Of],
        values: Vec<Vec<u64>>,
        between: &[Relation],
        closed: Vec<bool>,
    ) -> Result<Self, TooMany> {
        let is_closed = |table: usize| closed.get(table) == Some(&true);
        let mut relations = within_tables(tables, is_closed);
        let equations = relations.len();
        relations.extend(each_count(between));
        let mut system = System {
            values,
            relations,
            equations,
            of_columns: without_closed(between, &closed),
            columns: CELLS,
            hidden: self.hidden.clone(),
            unseen: (0..tables.len() * CELLS)
                .map(|place| is_closed(place / CELLS))
                .collect(),
            all_alike: false,
        };
        system.settle()?;
        Ok(Self {
            closed,
            hidden: system.hidden,
        })
    }
}

/// How the counts of tables add up that are not closed.
fn within_tables(tables: &[&Of], is_closed: impl Fn(usize) -> bool) -> Vec<Relation> {
    let undisclosed = tables.iter().position(|of| of.under_non_disclosure);
    let kinds = cell(Metric::Referrals, 0);
    let mut relations = Vec::new();
    for (table, of) in tables
        .iter()
        .enumerate()
        .filter(|(table, _)| !is_closed(*table))
    {
        let place = |cell: usize| table * CELLS + cell;
        for (whole, parts) in sums() {
            // What is under a non-disclosure is divided by nothing but its kind.
            let by_kind = parts.contains(&kinds);
            if of.under_non_disclosure && !by_kind {
                continue;
            }
            let mut parts: Vec<usize> = parts.into_iter().map(place).collect();
            if **of == Of::default() && !by_kind && is_whole(whole) {
                parts.extend(undisclosed.map(|table| table * CELLS + whole));
            }
            relations.push(Relation {
                whole: place(whole),
                parts,
            });
        }
    }
    relations
}

fn is_whole(place: usize) -> bool {
    let wholes = [Metric::Requests, Metric::Orders, Metric::Items];
    wholes.iter().any(|whole| cell(*whole, 0) == place)
}

/// Tables add up to one another in each of their counts.
fn each_count(between: &[Relation]) -> impl Iterator<Item = Relation> {
    between.iter().flat_map(|relation| {
        (0..CELLS).map(|cell| {
            let place = |table: &usize| table * CELLS + cell;
            Relation {
                whole: place(&relation.whole),
                parts: relation.parts.iter().map(place).collect(),
            }
        })
    })
}

/// What follows for the tables that are not closed from how all of them add up, whatever the others hold.
fn without_closed(between: &[Relation], closed: &[bool]) -> Vec<Row> {
    let tables = closed.len();
    let closed_first = |table: usize| match closed.get(table) {
        Some(true) => table,
        _ => tables + table,
    };
    let mut rows = Rows::default();
    for relation in between {
        rows.add(row(relation, |table| Some(closed_first(table))));
    }
    let rows = rows.from(tables);
    rows.map(|row| {
        row.into_iter()
            .map(|(table, factor)| (table - tables, factor))
            .collect()
    })
    .collect()
}
