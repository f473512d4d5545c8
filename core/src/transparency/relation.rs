//! Which tables add up to which.

use std::collections::BTreeMap;

use super::fold::Names;
use super::of::{Dimension, Of};

/// A number and others that add up to it, by their places. Grounds overlap, so there the whole may be less than the sum;
/// what would give a part away if it were not is withheld all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relation {
    pub(super) whole: usize,
    pub(super) parts: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Division {
    By(Dimension),
    AgenciesOfCountry,
}

/// Tables with those into which a dimension divides them, by their places among all tables.
pub(super) fn between_tables(tables: &[&Of], names: &Names) -> Vec<Relation> {
    let places = tables.iter().enumerate();
    let places: BTreeMap<&Of, usize> = places.map(|(place, of)| (*of, place)).collect();
    let mut divisions: BTreeMap<(usize, Division), Vec<usize>> = BTreeMap::new();
    let mut divide = |whole: &Of, by: Division, part: usize| {
        if let Some(whole) = places.get(whole) {
            divisions.entry((*whole, by)).or_default().push(part);
        }
    };
    for (place, of) in tables.iter().enumerate() {
        for dimension in of.dimensions() {
            let whole = (*of).clone().with(dimension, None);
            divide(&whole, Division::By(dimension), place);
        }
        let agency = of.agency.as_ref().and_then(|id| names.agencies.get(id));
        if let Some((_, country)) = agency {
            let whole = (*of).clone().with(Dimension::Agency, None);
            let whole = whole.with(Dimension::Country, Some(country));
            divide(&whole, Division::AgenciesOfCountry, place);
        }
    }
    let undisclosed = tables.iter().position(|of| of.under_non_disclosure);
    let everything = places.get(&Of::default()).copied();
    let relations = divisions.into_iter().map(|((whole, _), mut parts)| {
        if Some(whole) == everything {
            parts.extend(undisclosed);
        }
        Relation { whole, parts }
    });
    relations.collect()
}
