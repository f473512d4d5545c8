//! Numbers that add up to one another, and which of them must not be told so that others cannot be computed.

use std::collections::BTreeSet;

use super::equation::{Row, Rows, row};
use super::relation::Relation;
use super::suppress::THRESHOLD;

/// Numbers of several periods alike: what is hidden is hidden in all of them, so that no period is found from the others.
pub(super) struct System {
    /// By period, then by place.
    pub(super) values: Vec<Vec<u64>>,
    /// How they add up, in every period.
    pub(super) relations: Vec<Relation>,
    /// So many of these, from the first, are equations by themselves.
    pub(super) equations: usize,
    /// Others follow for every column of numbers, by the row of each: what was not told of anyway is left out of them.
    pub(super) of_columns: Vec<Row>,
    /// How many columns there are: the number of a row and a column is at row · columns + column.
    pub(super) columns: usize,
    /// By place: not told.
    pub(super) hidden: Vec<bool>,
    /// By place: of a table of which nothing is told. It hides others, and is safe by itself.
    pub(super) unseen: Vec<bool>,
    /// Whether everything that is hidden must not be found, and not only what is small.
    pub(super) all_alike: bool,
}

/// There is more to be hidden than can be looked through.
#[derive(Debug)]
pub(super) struct TooMany;

/// So many hidden numbers are looked through together.
const MOST: usize = 10_000;

impl System {
    /// Hides what is small, and then more, the smallest first, until nothing that is small can be computed: neither from one
    /// sum nor from all of them together.
    pub(super) fn settle(&mut self) -> Result<(), TooMany> {
        for place in 0..self.hidden.len() {
            if self.is_below(place, THRESHOLD) && !self.is_unseen(place) {
                self.hide(place);
            }
        }
        loop {
            while self.protect_sums() {}
            if self.hidden.iter().filter(|hidden| **hidden).count() > MOST {
                return Err(TooMany);
            }
            if !self.protect_from_all() {
                return Ok(());
            }
        }
    }

    /// Whether a number is below this in any period, and not zero in all of them. Zero is no secret; but where one period is
    /// told to have none of a whole, its parts are known there, and what they hide elsewhere is not hidden there.
    pub(super) fn is_below(&self, place: usize, least: u64) -> bool {
        let mut values = self.values.iter().filter_map(|values| values.get(place));
        values.any(|value| *value < least) && self.total(place) > 0
    }

    /// Whether a number is above zero and below the threshold in any period.
    fn is_small(&self, place: usize) -> bool {
        let mut values = self.values.iter().filter_map(|values| values.get(place));
        values.any(|value| (1..THRESHOLD).contains(value))
    }

    fn is_hidden(&self, place: usize) -> bool {
        self.hidden.get(place) == Some(&true)
    }

    fn is_unseen(&self, place: usize) -> bool {
        self.unseen.get(place) == Some(&true)
    }

    /// Tells a number no more.
    pub(super) fn hide(&mut self, place: usize) {
        if let Some(hidden) = self.hidden.get_mut(place) {
            *hidden = true;
        }
    }

    fn total(&self, place: usize) -> u64 {
        let values = self.values.iter().filter_map(|values| values.get(place));
        values.sum()
    }

    /// Looks at each sum by itself; whether something had to be hidden.
    fn protect_sums(&mut self) -> bool {
        let mut changed = false;
        for index in 0..self.relations.len() {
            while let Some(relation) = self.relations.get(index)
                && self.gives_away(relation)
            {
                let told = self.smallest_told(relation.parts.iter().copied());
                self.hide(told.unwrap_or(relation.whole));
                changed = true;
            }
        }
        changed
    }

    fn smallest_told(&self, places: impl Iterator<Item = usize>) -> Option<usize> {
        let told = places.filter(|place| {
            !self.is_hidden(*place) && !self.is_unseen(*place) && self.total(*place) > 0
        });
        told.min_by_key(|place| (self.total(*place), *place))
    }

    /// Whether something is known from one sum that is not told: the one number that is hidden; that those that are come to
    /// less than the threshold together; or that each of them is as large as one below the threshold can be.
    fn gives_away(&self, relation: &Relation) -> bool {
        if self.is_unseen(relation.whole) {
            return false;
        }
        let parts = relation.parts.iter().copied();
        let not_told: Vec<usize> = parts
            .filter(|part| self.is_hidden(*part) || self.is_unseen(*part))
            .collect();
        let hidden = not_told.iter().filter(|part| !self.is_unseen(**part));
        let (hidden, unseen) = (hidden.count(), not_told.iter().any(|p| self.is_unseen(*p)));
        if self.is_hidden(relation.whole) {
            return not_told.is_empty() && relation.parts.iter().any(|part| self.total(*part) > 0);
        }
        if hidden == 1 && !unseen {
            return true;
        }
        let most = not_told.len() as u64 * (THRESHOLD - 1);
        self.values.iter().any(|values| {
            let of = |part: &usize| values.get(*part).copied().unwrap_or(0);
            let together: u64 = not_told.iter().map(of).sum();
            let full = !unseen && not_told.iter().all(|part| of(part) < THRESHOLD);
            (1..THRESHOLD).contains(&together) || (full && together == most && most > 0)
        })
    }

    /// Looks at all sums at once; whether something had to be hidden.
    fn protect_from_all(&mut self) -> bool {
        let rows = self.rows();
        let known: Vec<usize> = (0..self.hidden.len())
            .filter(|place| self.is_hidden(*place) && !self.is_unseen(*place))
            .filter(|place| self.all_alike || self.is_small(*place))
            .filter(|place| rows.determine(*place))
            .collect();
        let mut changed = false;
        for place in &known {
            if let Some(told) = self.nearest_told(*place) {
                self.hide(told);
                changed = true;
            }
        }
        changed
    }

    /// The smallest number that is told and in a sum with this one; where nothing is told there, in a sum with those that
    /// are, and so on.
    fn nearest_told(&self, place: usize) -> Option<usize> {
        let mut reached = BTreeSet::from([place]);
        loop {
            let mut next = reached.clone();
            for relation in &self.relations {
                let members = || relation.parts.iter().chain([&relation.whole]);
                if members().any(|member| reached.contains(member)) {
                    next.extend(members().copied());
                }
            }
            let told = self.smallest_told(next.iter().copied());
            if told.is_some() || next.len() == reached.len() {
                return told;
            }
            reached = next;
        }
    }

    /// Every sum as an equation of what is hidden in it.
    fn rows(&self) -> Rows {
        let mut rows = Rows::default();
        let hidden = |place: usize| self.is_hidden(place).then_some(place);
        for relation in self.relations.iter().take(self.equations) {
            rows.add(row(relation, hidden));
        }
        let places = self.hidden.iter().enumerate();
        let places = places.filter(|(_, hidden)| **hidden);
        let columns: BTreeSet<usize> = places.map(|(place, _)| place % self.columns).collect();
        for column in columns {
            for of_column in &self.of_columns {
                let factors = of_column.iter().filter_map(|(row, factor)| {
                    Some((hidden(row * self.columns + column)?, *factor))
                });
                rows.add(factors.collect());
            }
        }
        rows
    }
}
