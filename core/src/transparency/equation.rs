//! What follows from several sums at once.

use std::collections::BTreeMap;

use super::relation::Relation;

/// Equations are solved modulo this prime. Whatever follows from them follows from them modulo it, too.
const PRIME: u64 = (1 << 61) - 1;

/// An equation: factors by place, none of them zero. What it comes to does not matter here.
pub(super) type Row = BTreeMap<usize, u64>;

/// A sum as an equation of those of its numbers that are wanted, at the places that these are given.
pub(super) fn row(relation: &Relation, mut wanted: impl FnMut(usize) -> Option<usize>) -> Row {
    let mut row = Row::new();
    for place in relation.parts.iter().filter_map(|part| wanted(*part)) {
        *row.entry(place).or_insert(0) += 1;
    }
    if let Some(place) = wanted(relation.whole) {
        row.insert(place, PRIME - 1);
    }
    row
}

/// Equations, each with a place that none of those after it has.
#[derive(Debug, Default)]
pub(super) struct Rows {
    rows: Vec<(usize, Row)>,
    /// By place, the row that begins with it.
    begins: BTreeMap<usize, usize>,
}

impl Rows {
    /// Takes an equation, unless it follows from the others.
    pub(super) fn add(&mut self, row: Row) {
        let mut row = self.reduced(row);
        let Some((first, factor)) = row.iter().next().map(|(place, factor)| (*place, *factor))
        else {
            return;
        };
        let inverse = power(factor, PRIME - 2);
        row.values_mut()
            .for_each(|factor| *factor = times(*factor, inverse));
        self.begins.insert(first, self.rows.len());
        self.rows.push((first, row));
    }

    /// Whether one number follows from the equations.
    pub(super) fn determine(&self, place: usize) -> bool {
        self.reduced(Row::from([(place, 1)])).is_empty()
    }

    /// Those equations in which no place below this one is left.
    pub(super) fn from(self, least: usize) -> impl Iterator<Item = Row> {
        let rows = self.rows.into_iter().map(|(_, row)| row);
        rows.filter(move |row| row.keys().next().is_some_and(|first| *first >= least))
    }

    /// What is left of a row after every place with which an equation begins was replaced by that. Earlier equations first:
    /// what they bring in is where later ones begin.
    fn reduced(&self, mut row: Row) -> Row {
        loop {
            let first = row.keys().filter_map(|place| self.begins.get(place)).min();
            let Some((first, other)) = first.and_then(|first| self.rows.get(*first)) else {
                return row;
            };
            let factor = row.get(first).copied().unwrap_or(0);
            for (place, by) in other {
                let value = row.entry(*place).or_insert(0);
                *value = (*value + PRIME - times(factor, *by)) % PRIME;
                if *value == 0 {
                    row.remove(place);
                }
            }
        }
    }
}

fn times(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other) % u128::from(PRIME);
    u64::try_from(product).unwrap_or(0)
}

fn power(base: u64, mut exponent: u64) -> u64 {
    let (mut result, mut base) = (1, base);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = times(result, base);
        }
        base = times(base, base);
        exponent >>= 1;
    }
    result
}
