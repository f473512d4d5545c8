//! Keys that were seen before on this machine: one that changes is shouted about.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use takedown_core::signed::Claims;
use takedown_core::time::rfc3339;

use super::keys::Known;
use super::{CliError, named};

/// Of each domain its keys, and since when each is known here.
type Pins = BTreeMap<String, BTreeMap<String, String>>;

/// What is remembered on this machine, and what will be once the request was judged.
pub(super) struct Memory {
    place: PathBuf,
    pins: Pins,
    /// Domains and keys that are seen for the first time.
    new: Vec<(String, String)>,
}

impl Memory {
    /// Reads the file; changes nothing.
    pub(super) fn read(place: Option<&Path>) -> Result<Self, CliError> {
        let place = place.map_or_else(usual, |place| Ok(place.to_owned()))?;
        let pins: Pins = match fs::read_to_string(&place) {
            Ok(text) => serde_json::from_str(&text).map_err(|e| named(&place, e))?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Pins::new(),
            Err(e) => return Err(CliError::file(place.display(), e)),
        };
        Ok(Self {
            place,
            pins,
            new: Vec::new(),
        })
    }

    /// Since when the key of a statement is known here. A new key of a domain whose keys are known speaks against the request,
    /// unless one of these speaks for it.
    pub(super) fn look(
        &mut self,
        claims: &Claims,
        kid: &str,
        known: &Known,
        against: &mut Vec<String>,
    ) -> Option<String> {
        let domain = claims.domain.as_str();
        let pinned = self.pins.get(domain).filter(|keys| !keys.is_empty());
        if let Some(since) = pinned.and_then(|keys| keys.get(kid)) {
            return Some(since.clone());
        }
        let seen = (domain.to_owned(), kid.to_owned());
        if self.new.contains(&seen) {
            return None;
        }
        let spoken_for = |keys: &BTreeMap<String, String>| {
            known.spoken_for(kid, claims).is_some_and(|earlier| {
                keys.contains_key(&earlier) || self.new.contains(&(domain.to_owned(), earlier))
            })
        };
        if pinned.is_none_or(spoken_for) {
            self.new.push(seen);
        } else {
            let why = format!(
                "the key {kid} is another than the one that {domain} had here before, and no earlier one speaks for it: ask the unit by a way of your own. To trust it, take the domain out of {}",
                self.place.display()
            );
            if !against.contains(&why) {
                against.push(why);
            }
        }
        None
    }

    /// Remembers what was new: only once nothing speaks against the request.
    pub(super) fn keep(mut self) -> Result<(), CliError> {
        if self.new.is_empty() {
            return Ok(());
        }
        let now = rfc3339(chrono::Utc::now());
        for (domain, kid) in self.new {
            let keys = self.pins.entry(domain).or_default();
            keys.insert(kid, now.clone());
        }
        save(&self.place, &self.pins)
    }
}

fn usual() -> Result<PathBuf, CliError> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let state = set("XDG_STATE_HOME").map(PathBuf::from);
    let home = || set("HOME").map(|home| Path::new(&home).join(".local/state"));
    let state = state.or_else(home);
    let state =
        state.ok_or_else(|| CliError::usage("where are keys remembered? give --pins FILE"))?;
    Ok(state.join("takedown").join("unit-keys.json"))
}

/// Replaces the file as a whole, so that it is the old one or the new one.
fn save(place: &Path, pins: &Pins) -> Result<(), CliError> {
    let failed = |e| CliError::file(place.display(), e);
    if let Some(folder) = place
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let text = serde_json::to_string_pretty(pins).map_err(|e| named(place, e))?;
    let mut new = place.as_os_str().to_owned();
    new.push(".new");
    let new = PathBuf::from(new);
    fs::write(&new, format!("{text}\n")).map_err(failed)?;
    fs::rename(&new, place).map_err(failed)
}
