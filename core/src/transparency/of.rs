//! What a table is about, and by what tables are made.

use serde::{Deserialize, Serialize};

use super::row::Counted;
use crate::text::coded_enum;

coded_enum! {
    /// By what the report divides what it counts.
    pub enum Dimension, "a dimension" {
        /// Who asked.
        Agency => "agency",
        /// The country of whoever asked.
        Country => "country",
        /// Who was asked.
        Platform => "platform",
        /// How large the platform is.
        PlatformSizeClass => "platform_size_class",
        /// Under which power.
        Instrument => "instrument",
        /// On which ground. A request with two grounds stands in both tables.
        Ground => "ground",
    }
}

/// What a table is about: whatever is named holds of all that is counted in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Of {
    /// This agency.
    pub agency: Option<String>,
    /// Agencies of this country.
    pub country: Option<String>,
    /// This platform.
    pub platform: Option<String>,
    /// Platforms of this size.
    pub platform_size_class: Option<String>,
    /// This instrument.
    pub instrument: Option<String>,
    /// This ground, alone or among others.
    pub ground: Option<String>,
    /// What may not be told yet: only in the published report, and counted nowhere else but in its totals.
    pub under_non_disclosure: bool,
}

impl Of {
    /// The value of a dimension.
    #[must_use]
    pub fn get(&self, dimension: Dimension) -> Option<&str> {
        match dimension {
            Dimension::Agency => self.agency.as_deref(),
            Dimension::Country => self.country.as_deref(),
            Dimension::Platform => self.platform.as_deref(),
            Dimension::PlatformSizeClass => self.platform_size_class.as_deref(),
            Dimension::Instrument => self.instrument.as_deref(),
            Dimension::Ground => self.ground.as_deref(),
        }
    }

    /// The same with another value of a dimension, or with none.
    #[must_use]
    pub fn with(mut self, dimension: Dimension, value: Option<&str>) -> Self {
        let place = match dimension {
            Dimension::Agency => &mut self.agency,
            Dimension::Country => &mut self.country,
            Dimension::Platform => &mut self.platform,
            Dimension::PlatformSizeClass => &mut self.platform_size_class,
            Dimension::Instrument => &mut self.instrument,
            Dimension::Ground => &mut self.ground,
        };
        *place = value.map(str::to_owned);
        self
    }

    /// The dimensions that are named.
    pub fn dimensions(&self) -> impl Iterator<Item = Dimension> {
        let named = |dimension: &Dimension| self.get(*dimension).is_some();
        Dimension::ALL.iter().copied().filter(named)
    }

    /// Whether everything that the other names holds of this, too.
    #[must_use]
    pub fn within(&self, other: &Self) -> bool {
        Dimension::ALL.iter().all(|dimension| {
            other
                .get(*dimension)
                .is_none_or(|value| self.get(*dimension) == Some(value))
        })
    }

    /// Whether a row belongs to it.
    pub(super) fn has(&self, row: &Counted<'_>) -> bool {
        Dimension::ALL.iter().all(|dimension| {
            self.get(*dimension).is_none_or(|value| match dimension {
                Dimension::Agency => row.agency_id == value,
                Dimension::Country => row.agency_country.as_str() == value,
                Dimension::Platform => row.platform_id == value,
                Dimension::PlatformSizeClass => row.platform_size_class.as_str() == value,
                Dimension::Instrument => row.instrument == value,
                Dimension::Ground => row.grounds.iter().any(|ground| ground == value),
            })
        })
    }
}

/// By what the published report divides. A table for each combination of values that occurs; a closed list, because each
/// further one is a sum of the others in which a small count could be found.
pub const PUBLISHED: &[&[Dimension]] = &[
    &[],
    &[Dimension::Country],
    &[Dimension::Agency],
    &[Dimension::PlatformSizeClass],
    &[Dimension::Instrument],
    &[Dimension::Ground],
    &[Dimension::Country, Dimension::Instrument],
    &[Dimension::Agency, Dimension::Instrument],
    &[Dimension::Instrument, Dimension::Ground],
];

/// By what besides a report divides that is for those who may know which platforms were asked.
pub const OWN: &[&[Dimension]] = &[
    &[Dimension::Platform],
    &[Dimension::Platform, Dimension::Instrument],
];

/// The tables in which a request is counted.
pub(super) fn tables_of<'f>(
    row: &Counted<'_>,
    families: impl Iterator<Item = &'f &'static [Dimension]>,
) -> Vec<Of> {
    let mut grounds: Vec<&str> = row.grounds.iter().map(String::as_str).collect();
    grounds.sort_unstable();
    grounds.dedup();
    let mut tables = Vec::new();
    for family in families {
        let mut of = Of::default();
        for dimension in *family {
            let value = match dimension {
                Dimension::Agency => &*row.agency_id,
                Dimension::Country => row.agency_country.as_str(),
                Dimension::Platform => &*row.platform_id,
                Dimension::PlatformSizeClass => row.platform_size_class.as_str(),
                Dimension::Instrument => &*row.instrument,
                Dimension::Ground => continue,
            };
            of = of.with(*dimension, Some(value));
        }
        if family.contains(&Dimension::Ground) {
            let with = |ground: &&str| of.clone().with(Dimension::Ground, Some(*ground));
            tables.extend(grounds.iter().map(with));
        } else {
            tables.push(of);
        }
    }
    tables
}
