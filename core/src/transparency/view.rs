//! Tables as somebody may see them.

use std::fmt;

use super::fold::Tables;
use super::of::Of;
use super::spread::Measure;
use super::suppress::{Hidden, State, THRESHOLD};

/// A number, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// It is this.
    Is(u64),
    /// Above zero and below the threshold.
    Below,
    /// Withheld, because others could be computed from it.
    Withheld,
    /// A percentile of too few values.
    TooFew,
    /// A percentile of no value.
    NoValue,
    /// The exchange has no part in it.
    NotKnown,
}

impl Shown {
    pub(super) const fn value(self) -> Option<u64> {
        match self {
            Self::Is(value) => Some(value),
            _ => None,
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(value) => write!(f, "{value}"),
            Self::Below => write!(f, "<{THRESHOLD}"),
            Self::Withheld => f.write_str("withheld"),
            Self::TooFew => write!(f, "fewer than {THRESHOLD} values"),
            Self::NoValue => f.write_str("no value"),
            Self::NotKnown => f.write_str("not known to the exchange"),
        }
    }
}

/// The tables of a period: all numbers, or those that are published.
pub(super) struct View<'a> {
    tables: &'a Tables,
    hidden: Option<(&'a Hidden<'a>, usize)>,
}

impl<'a> View<'a> {
    /// For those who may see every number.
    pub(super) const fn of_all(tables: &'a Tables) -> Self {
        Self {
            tables,
            hidden: None,
        }
    }

    /// For everybody; the period by its place among those that were decided on together.
    pub(super) const fn published(
        tables: &'a Tables,
        hidden: &'a Hidden<'a>,
        period: usize,
    ) -> Self {
        Self {
            tables,
            hidden: Some((hidden, period)),
        }
    }

    pub(super) const fn is_published(&self) -> bool {
        self.hidden.is_some()
    }

    /// What there are tables of.
    pub(super) fn tables(&self) -> Vec<&'a Of> {
        match self.hidden {
            None => self.tables.keys().collect(),
            Some((hidden, period)) => hidden.tables(period),
        }
    }

    /// Whether nothing is told of a table but that there are requests.
    pub(super) fn is_closed(&self, of: &Of) -> bool {
        self.hidden
            .is_some_and(|(hidden, period)| hidden.is_closed(period, of))
    }

    /// A count.
    pub(super) fn count(&self, of: &Of, cell: usize) -> Shown {
        let figures = self.tables.get(of);
        let value = figures.and_then(|figures| figures.counts().get(cell).copied());
        let value = Shown::Is(value.unwrap_or(0));
        match self.hidden {
            None => value,
            Some((hidden, period)) => match hidden.state(period, of, cell) {
                State::Told => value,
                State::Below => Shown::Below,
                State::Withheld => Shown::Withheld,
            },
        }
    }

    /// How many values a measure has (when every number may be seen), its median and its 90th percentile.
    pub(super) fn time(&self, of: &Of, measure: Measure) -> Option<(Option<u64>, u64, u64)> {
        let times = self.tables.get(of)?.time(measure);
        if self.is_published() && (times.values() < THRESHOLD || self.is_closed(of)) {
            return None;
        }
        let values = (!self.is_published()).then(|| times.values());
        Some((values, times.percentile(50)?, times.percentile(90)?))
    }

    /// A percentile of a measure: the median or the 90th.
    pub(super) fn percentile(&self, of: &Of, measure: Measure, p: Percentile) -> Shown {
        match (self.time(of, measure), p) {
            (Some((_, median, _)), Percentile::Median) => Shown::Is(median),
            (Some((_, _, p90)), Percentile::Ninetieth) => Shown::Is(p90),
            (None, _) if self.is_closed(of) => Shown::Withheld,
            (None, _) if self.is_published() => Shown::TooFew,
            (None, _) => Shown::NoValue,
        }
    }
}

/// Which percentile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Percentile {
    /// The 50th.
    Median,
    /// The 90th.
    Ninetieth,
}
