//! One filing from flags.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::CliError;
use crate::client::wire::{
    FiledAttribution, FiledDeadline, FiledItem, FiledOfficer, FiledService, FiledTerritory,
    FiledUntil, Filing, Text,
};

/// The parts of a filing.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "One filing")]
pub(super) struct FilingArgs {
    /// What to act on: links, or other locators with --kind. Defanged forms are understood
    #[arg(value_name = "LINK")]
    pub(super) links: Vec<String>,
    /// The power used, from the catalogue
    #[arg(long, value_name = "ID", default_value = "referral")]
    instrument: String,
    /// Ground, by code (repeat)
    #[arg(long = "ground", value_name = "CODE")]
    grounds: Vec<String>,
    /// Statement of reasons
    #[arg(long, value_name = "TEXT", conflicts_with = "reasons_file")]
    reasons: Option<String>,
    /// File with the statement of reasons (- for standard input)
    #[arg(long, value_name = "FILE")]
    reasons_file: Option<PathBuf>,
    /// Language of the reasons (BCP 47, for instance pl)
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// File with a translation of the reasons
    #[arg(long, value_name = "FILE", requires = "translation_language")]
    translation_file: Option<PathBuf>,
    /// Language of the translation
    #[arg(long, value_name = "TAG", requires = "translation_file")]
    translation_language: Option<String>,
    /// Platform asked; found by the links' host when left out
    #[arg(long, value_name = "ID")]
    platform: Option<String>,
    /// Your own file number; unique among your filings
    #[arg(long, value_name = "TEXT")]
    agency_reference: Option<String>,
    /// Kind of every locator: url, account, channel, site, file_hash, listing
    #[arg(long, value_name = "KIND", default_value = "url")]
    kind: String,
    /// What the items show, in words
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// How graphic they are, 0 to 3
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=3))]
    graphic: Option<u8>,
    /// When they were seen (RFC 3339)
    #[arg(long, value_name = "INSTANT")]
    seen_at: Option<String>,
    /// Country in which effect is asked (repeat), or worldwide
    #[arg(long, value_name = "COUNTRY")]
    territory: Vec<String>,
    /// Whose law, when not that of your country
    #[arg(long, value_name = "COUNTRY")]
    jurisdiction: Option<String>,
    /// Legal provision cited
    #[arg(long, value_name = "TEXT")]
    provision: Option<String>,
    /// The law that gives you the power, where the instrument asks for it
    #[arg(long, value_name = "TEXT")]
    legal_basis: Option<String>,
    /// How it can be challenged, where and by when; in the language of the reasons
    #[arg(long, value_name = "TEXT")]
    redress: Option<String>,
    /// Which other authority is told of the effect given
    #[arg(long, value_name = "NAME")]
    effect_to: Option<String>,
    /// You believe in good faith that what you say is accurate and complete (eu-dsa-art16-notice)
    #[arg(long)]
    bona_fide: bool,
    /// Handle of the officer: what platforms see
    #[arg(long, value_name = "HANDLE")]
    officer: Option<String>,
    /// Name of the officer: kept for you and the auditor
    #[arg(long, value_name = "NAME", requires = "officer")]
    officer_name: Option<String>,
    /// Rank of the officer, where the instrument asks for one
    #[arg(long, value_name = "RANK", requires = "officer")]
    officer_rank: Option<String>,
    /// How it was served outside the exchange: in_person or recorded_post
    #[arg(long, value_name = "METHOD", requires = "served_at")]
    served: Option<String>,
    /// When it was served (RFC 3339)
    #[arg(long, value_name = "INSTANT", requires = "served")]
    served_at: Option<String>,
    /// Deadline that a court or authority set (RFC 3339); only for instruments that take one
    #[arg(long, value_name = "INSTANT", requires = "issued_by")]
    due_at: Option<String>,
    /// Who set that deadline
    #[arg(long, value_name = "NAME", requires = "due_at")]
    issued_by: Option<String>,
    /// Under which case number
    #[arg(long, value_name = "TEXT", requires = "due_at")]
    case_number: Option<String>,
    /// Until when the uploader may not be told (RFC 3339)
    #[arg(long, value_name = "INSTANT", requires = "non_disclosure_reason")]
    non_disclosure_until: Option<String>,
    /// Why not
    #[arg(long, value_name = "TEXT", requires = "non_disclosure_until")]
    non_disclosure_reason: Option<String>,
    /// Until when removed material must be kept (RFC 3339)
    #[arg(long, value_name = "INSTANT")]
    preserve_until: Option<String>,
    /// Whom the material is thought to come from
    #[arg(long, value_name = "TEXT", requires = "confidence")]
    attribution: Option<String>,
    /// How sure: confirmed, probable, possible, doubtful, suspected_decoy
    #[arg(long, value_name = "WORD", requires = "attribution")]
    confidence: Option<String>,
    /// Groups requests that belong together
    #[arg(long, value_name = "TEXT")]
    operation: Option<String>,
    /// First order to a platform without notice 12 hours before: the duly justified emergency
    #[arg(long, value_name = "TEXT")]
    prior_notice_waived: Option<String>,
    /// Sighting that it follows, sighting_… (repeat)
    #[arg(long = "sighting", value_name = "SIGHTING")]
    sightings: Vec<String>,
    /// What to do when somebody may be at one of the links already: file it and say so, or refuse
    #[arg(long, value_name = "WORD", value_parser = ["file", "refuse"])]
    if_repeated: Option<String>,
}

impl FilingArgs {
    /// Takes these words as reasons.
    pub(super) fn take(&mut self, reasons: Text) -> Result<(), CliError> {
        if self.reasons.is_some() || self.reasons_file.is_some() {
            return Err(CliError::usage(
                "--saved gives the reasons; leave out --reasons and --reasons-file",
            ));
        }
        self.reasons = Some(reasons.text);
        self.language = Some(reasons.language);
        Ok(())
    }

    /// The filing these flags describe.
    pub(super) fn filing(&self) -> Result<Filing, CliError> {
        if self.links.is_empty() {
            return Err(CliError::usage(
                "nothing to file: give a LINK, or --json, --ndjson or --import",
            ));
        }
        if self.grounds.is_empty() {
            return Err(CliError::usage(
                "on which ground? give --ground CODE (for a referral against the platform's own terms: --ground terms)",
            ));
        }
        let reasons = match (&self.reasons, &self.reasons_file) {
            (Some(text), _) => text.clone(),
            (None, Some(path)) => text_of(path)?,
            (None, None) => {
                return Err(CliError::usage(
                    "why? give --reasons, --reasons-file or --saved",
                ));
            }
        };
        let language = self.language.clone().ok_or_else(|| {
            CliError::usage("in which language are the reasons? give --language, for instance pl")
        })?;
        let translation = match (&self.translation_file, &self.translation_language) {
            (Some(path), Some(language)) => Some(Text {
                text: text_of(path)?,
                language: language.clone(),
            }),
            _ => None,
        };
        Ok(Filing {
            instrument: self.instrument.clone(),
            grounds: self.grounds.clone(),
            reasons: Text {
                text: reasons,
                language: language.clone(),
            },
            items: self.links.iter().map(|link| self.item(link)).collect(),
            platform: self.platform.clone(),
            agency_reference: self.agency_reference.clone(),
            provision: self.provision.clone(),
            legal_basis: self.legal_basis.clone(),
            redress: self.redress.clone().map(|text| Text {
                text,
                language: language.clone(),
            }),
            effect_to: self.effect_to.clone(),
            bona_fide: self.bona_fide,
            jurisdiction: self.jurisdiction.clone(),
            territory: territory(&self.territory),
            officer: self.officer.as_ref().map(|handle| FiledOfficer {
                handle: handle.clone(),
                name: self.officer_name.clone(),
                rank: self.officer_rank.clone(),
            }),
            service: pair(&self.served, &self.served_at)
                .map(|(method, served_at)| FiledService { method, served_at }),
            specified: pair(&self.due_at, &self.issued_by).map(|(due_at, issued_by)| {
                FiledDeadline {
                    due_at,
                    issued_by,
                    case_number: self.case_number.clone(),
                }
            }),
            non_disclosure: pair(&self.non_disclosure_until, &self.non_disclosure_reason).map(
                |(until, reason)| FiledUntil {
                    until,
                    reason: Some(reason),
                },
            ),
            preservation: self.preserve_until.clone().map(|until| FiledUntil {
                until,
                reason: None,
            }),
            attribution: pair(&self.attribution, &self.confidence)
                .map(|(source, confidence)| FiledAttribution { source, confidence }),
            operation: self.operation.clone(),
            sightings: self.sightings.clone(),
            if_repeated: self.if_repeated.clone(),
            prior_notice_waived: self.prior_notice_waived.clone(),
            translation,
        })
    }

    fn item(&self, link: &str) -> FiledItem {
        FiledItem {
            locator: link.to_owned(),
            kind: self.kind.clone(),
            description: self.description.clone(),
            graphic: self.graphic,
            seen_at: self.seen_at.clone(),
        }
    }
}

fn pair(one: &Option<String>, other: &Option<String>) -> Option<(String, String)> {
    Some((one.clone()?, other.clone()?))
}

fn territory(given: &[String]) -> Option<FiledTerritory> {
    let is_world = |word: &String| word.eq_ignore_ascii_case("worldwide");
    (!given.is_empty()).then(|| FiledTerritory {
        countries: given.iter().filter(|w| !is_world(w)).cloned().collect(),
        worldwide: given.iter().any(is_world),
    })
}

/// All of a text file, or of standard input for `-`.
pub(in crate::cli) fn text_of(path: &Path) -> Result<String, CliError> {
    let mut text = String::new();
    super::rows::open(path)?
        .0
        .read_to_string(&mut text)
        .map_err(|e| CliError::file(path.display(), e))?;
    Ok(text)
}
