//! The mapping file as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

pub(super) type Text = Spanned<String>;
pub(super) type Words = BTreeMap<String, Text>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMapping {
    pub(super) columns: RawColumns,
    #[serde(default)]
    pub(super) read: RawRead,
    #[serde(default)]
    pub(super) defaults: RawDefaults,
    #[serde(default)]
    pub(super) words: RawWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawColumns {
    pub(super) locator: Text,
    pub(super) sent_on: Text,
    pub(super) agency_reference: Option<Text>,
    pub(super) platform: Option<Text>,
    pub(super) outcome: Option<Text>,
    pub(super) answered_on: Option<Text>,
    pub(super) note: Option<Text>,
    pub(super) kind: Option<Text>,
    pub(super) asked: Option<Text>,
    pub(super) legal_basis: Option<Text>,
    pub(super) grounds: Option<Text>,
    pub(super) language: Option<Text>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRead {
    #[serde(default)]
    pub(super) link_separators: Vec<Text>,
    pub(super) dates: Option<Vec<Text>>,
    pub(super) time_zone: Option<Text>,
    #[serde(default)]
    pub(super) fill_down: Vec<Text>,
    pub(super) encoding: Option<Text>,
    pub(super) delimiter: Option<Text>,
    pub(super) sheet: Option<Text>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDefaults {
    pub(super) kind: Option<Text>,
    pub(super) asked: Option<Text>,
    pub(super) language: Option<Text>,
    pub(super) platform: Option<Text>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWords {
    #[serde(default)]
    pub(super) kind: Words,
    #[serde(default)]
    pub(super) asked: Words,
    #[serde(default)]
    pub(super) outcome: Words,
    #[serde(default)]
    pub(super) platform: Words,
}
