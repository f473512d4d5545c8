//! Ranks: some laws let only an officer from a certain rank upwards ask.

use crate::agency::AgencyType;

/// One step of a ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rank {
    /// Its full name.
    pub title: String,
    /// Other ways to write it.
    pub also: Vec<String>,
}

/// The ranks of one kind of service, from the lowest to the highest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder {
    /// The types of agency in which these ranks exist.
    pub agency_types: Vec<AgencyType>,
    /// Lowest first.
    pub ranks: Vec<Rank>,
    /// The index of the lowest rank that may ask.
    pub floor: usize,
    /// Indexes of ranks below the floor that may ask under `condition`.
    pub exceptions: Vec<usize>,
    /// What must hold besides, in words. The exchange shows it and cannot check it.
    pub condition: Option<String>,
}

/// The lowest rank that may use an instrument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankFloor {
    /// One ladder per kind of service.
    pub ladders: Vec<Ladder>,
    /// Where it is written down.
    pub citation: String,
}

/// How a given rank stands to the floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing<'a> {
    Sufficient,
    Below(&'a Rank),
    NotOnLadder,
}

impl RankFloor {
    /// The ladder for a type of agency.
    pub fn ladder(&self, agency_type: AgencyType) -> Option<&Ladder> {
        self.ladders
            .iter()
            .find(|ladder| ladder.agency_types.contains(&agency_type))
    }
}

impl Ladder {
    /// The index of a rank written in any of its known ways: letter case, dots, hyphens and whatever follows a
    /// comma or a bracket do not matter.
    pub fn find(&self, rank: &str) -> Option<usize> {
        let wanted = normal(rank);
        self.ranks.iter().position(|step| {
            std::iter::once(&step.title)
                .chain(&step.also)
                .any(|name| normal(name) == wanted)
        })
    }

    pub(super) fn judge(&self, rank: &str) -> Standing<'_> {
        let Some(index) = self.find(rank) else {
            return Standing::NotOnLadder;
        };
        match self.ranks.get(index) {
            Some(below) if index < self.floor && !self.exceptions.contains(&index) => {
                Standing::Below(below)
            }
            _ => Standing::Sufficient,
        }
    }

    /// What would be right, in words.
    pub fn wanted(&self) -> String {
        let title = |index: &usize| {
            self.ranks
                .get(*index)
                .map_or("", |rank| rank.title.as_str())
        };
        let accepted: Vec<_> = (self.floor..self.ranks.len())
            .collect::<Vec<_>>()
            .iter()
            .chain(&self.exceptions)
            .map(title)
            .collect();
        let condition = self
            .condition
            .as_ref()
            .map_or(String::new(), |condition| format!(", {condition}"));
        format!(
            "{} or above{condition} (accepted: {})",
            title(&self.floor),
            accepted.join(", ")
        )
    }
}

fn normal(rank: &str) -> String {
    let head = rank.split([',', '(']).next().unwrap_or_default();
    head.to_lowercase()
        .replace('.', "")
        .replace(['-', '–', '_'], " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
