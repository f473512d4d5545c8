//! Public government notices, as platforms publish them, made into filings.
//!
//! | notice | filing |
//! |---|---|
//! | `source` | `agency_reference` (its last 100 characters) |
//! | `agency` | `operation`, so that notices of one sender stay together |
//! | `country` | `territory`: where effect was asked |
//! | `text` | `reasons.text`, unchanged |
//! | `language` | `reasons.language`, else the mapping's |
//! | `urls` | `items`, unchanged, in order |
//! | `date` | not sent: it is part of `source` |
//!
//! Instrument, grounds, language and platforms come from the mapping file.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use takedown_core::locator::{Host, ItemKind, Locator};

use super::CliError;
use crate::client::wire::{FiledItem, FiledTerritory, Filing, Text};

/// Longest agency reference the exchange takes, in characters.
const MAX_REFERENCE: usize = 100;

/// One line of the file.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Notice {
    pub(super) source: String,
    #[serde(default)]
    country: Option<String>,
    #[serde(default)]
    agency: Option<String>,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    urls: Vec<String>,
    #[serde(default)]
    text: String,
}

/// How notices become filings (`--mapping FILE.toml`). Every key may be left out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Mapping {
    /// Catalogue id.
    instrument: String,
    /// Ground codes.
    grounds: Vec<String>,
    /// Language of notices that name none.
    language: String,
    /// Kind of every link.
    kind: String,
    /// Platform id by host; a host stands for its subdomains too, the longest one wins.
    platforms: BTreeMap<String, String>,
    /// Other instruments and grounds for notices of one country.
    countries: BTreeMap<String, Power>,
}

/// What is asked in the name of one country.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Power {
    instrument: Option<String>,
    grounds: Option<Vec<String>>,
}

impl Default for Mapping {
    fn default() -> Self {
        Self {
            instrument: "referral".into(),
            grounds: vec!["terms".into()],
            language: "en".into(),
            kind: "url".into(),
            platforms: BTreeMap::new(),
            countries: BTreeMap::new(),
        }
    }
}

impl Mapping {
    /// Reads a mapping file; without one the defaults are used.
    pub(super) fn read(path: Option<&Path>) -> Result<Self, CliError> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let text = std::fs::read_to_string(path).map_err(|e| CliError::file(path.display(), e))?;
        toml::from_str(&text).map_err(|e| CliError::input(format!("{}: {e}", path.display())))
    }

    /// The filings of one notice: one, or one per platform where the mapping knows several.
    ///
    /// # Errors
    /// Says by name why there is none.
    pub(super) fn filings(&self, notice: &Notice) -> Result<Vec<Filing>, String> {
        if notice.urls.is_empty() {
            return Err(format!("no link in {}", notice.source));
        }
        let mut shares: Vec<(Option<&String>, Vec<FiledItem>)> = Vec::new();
        for url in &notice.urls {
            let platform = self.platform(url);
            let item = FiledItem {
                locator: url.clone(),
                kind: self.kind.clone(),
                ..FiledItem::default()
            };
            match shares.iter_mut().find(|(known, _)| *known == platform) {
                Some((_, items)) => items.push(item),
                None => shares.push((platform, vec![item])),
            }
        }
        let parts = shares.len();
        let base = self.filing(notice);
        let filings = shares.into_iter().zip(1..).map(|((platform, items), n)| {
            let mut filing = base.clone();
            filing.platform = platform.cloned();
            filing.items = items;
            filing.agency_reference = Some(if parts == 1 {
                reference(&notice.source, "")
            } else {
                reference(&notice.source, &format!(" ({n}/{parts})"))
            });
            filing
        });
        Ok(filings.collect())
    }

    fn filing(&self, notice: &Notice) -> Filing {
        let power = notice
            .country
            .as_ref()
            .and_then(|country| self.countries.get(country))
            .cloned()
            .unwrap_or_default();
        Filing {
            instrument: power.instrument.unwrap_or_else(|| self.instrument.clone()),
            grounds: power.grounds.unwrap_or_else(|| self.grounds.clone()),
            reasons: Text {
                text: notice.text.clone(),
                language: notice
                    .language
                    .clone()
                    .unwrap_or_else(|| self.language.clone()),
            },
            territory: notice.country.clone().map(|country| FiledTerritory {
                countries: vec![country],
                worldwide: false,
            }),
            operation: notice
                .agency
                .as_ref()
                .map(|agency| agency.chars().take(MAX_REFERENCE).collect()),
            ..Filing::default()
        }
    }

    fn platform(&self, url: &str) -> Option<&String> {
        let kind = self.kind.parse().unwrap_or(ItemKind::Url);
        let locator = Locator::parse(kind, url).ok()?;
        let hosts = locator.host().map(Host::candidates)?;
        hosts.iter().find_map(|host| self.platforms.get(host))
    }
}

/// The reference with its suffix, cut at the front, where the path of a source says least.
pub(super) fn reference(text: &str, suffix: &str) -> String {
    let room = MAX_REFERENCE.saturating_sub(suffix.chars().count());
    let skip = text.chars().count().saturating_sub(room);
    text.chars().skip(skip).chain(suffix.chars()).collect()
}
