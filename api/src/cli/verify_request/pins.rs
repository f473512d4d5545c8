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

/// Since when a key of a domain is known here; one that is new is remembered. A new key of a domain whose keys are known speaks
/// against the request, unless one of these speaks for it.
pub(super) fn pin(
    place: Option<&Path>,
    claims: &Claims,
    kid: &str,
    known: &Known,
    against: &mut Vec<String>,
) -> Result<Option<String>, CliError> {
    let place = place.map_or_else(usual, |place| Ok(place.to_owned()))?;
    let mut pins: Pins = match fs::read_to_string(&place) {
        Ok(text) => serde_json::from_str(&text).map_err(|e| named(&place, e))?,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Pins::new(),
        Err(e) => return Err(CliError::file(place.display(), e)),
    };
    let of_domain = pins.entry(claims.domain.as_str().to_owned()).or_default();
    if let Some(since) = of_domain.get(kid) {
        return Ok(Some(since.clone()));
    }
    let earlier = known.spoken_for(kid, claims);
    let spoken_for = earlier.is_some_and(|earlier| of_domain.contains_key(&earlier));
    if !of_domain.is_empty() && !spoken_for {
        against.push(format!(
            "the key is another than the one that {} had here before, and no earlier one speaks for it: ask the unit by a way of your own. To trust it, take the domain out of {}",
            claims.domain.as_str(),
            place.display()
        ));
        return Ok(None);
    }
    of_domain.insert(kid.to_owned(), rfc3339(chrono::Utc::now()));
    save(&place, &pins)?;
    Ok(None)
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
