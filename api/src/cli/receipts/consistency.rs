//! The newest checkpoint that was seen, and whether what is shown now continues it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use takedown_core::log::tile::{Tiles, needed};
use takedown_core::log::{Plan, Policy, SignedCheckpoint, verify_consistency};

use super::CliError;
use super::proofs::with_suffix;
use crate::client::{Client, ClientError};

/// The newest checkpoint of each log, by its name, in a file of its own.
pub(in crate::cli) struct Known {
    place: PathBuf,
    newest: BTreeMap<String, SignedCheckpoint>,
}

impl Known {
    /// That beside a book of receipts.
    pub(in crate::cli) fn beside(book: &Path) -> Result<Self, CliError> {
        let place = with_suffix(book, ".checkpoint");
        let unreadable =
            |why: &dyn std::fmt::Display| CliError::input(format!("{}: {why}", place.display()));
        let notes: BTreeMap<String, String> = match fs::read_to_string(&place) {
            Ok(text) => serde_json::from_str(&text).map_err(|why| unreadable(&why))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(CliError::file(place.display(), error)),
        };
        let mut newest = BTreeMap::new();
        for (origin, note) in notes {
            newest.insert(origin, note.parse().map_err(|why| unreadable(&why))?);
        }
        Ok(Self { place, newest })
    }

    /// Looks whether the checkpoints of new proofs, and the one that the log shows now, are of one history with what was seen
    /// before, and keeps the newest if they are. What speaks against it is given back.
    pub(in crate::cli) async fn continued_by(
        &mut self,
        policy: &Policy,
        client: Option<&Client>,
        new: &[SignedCheckpoint],
    ) -> Result<Vec<String>, CliError> {
        let Some(client) = client else {
            return Ok(Vec::new());
        };
        let shown = match client.checkpoint().await {
            Ok(text) => match text.parse::<SignedCheckpoint>() {
                Ok(shown) => Some(shown),
                Err(why) => return Ok(vec![format!("the log shows no checkpoint: {why}")]),
            },
            // Before the first one is signed.
            Err(ClientError::Problem(problem)) if problem.status == 404 => None,
            Err(other) => return Err(other.into()),
        };
        let mut logs: BTreeMap<String, Vec<&SignedCheckpoint>> = BTreeMap::new();
        let mut faults = Vec::new();
        for checkpoint in self.newest.values().chain(new).chain(&shown) {
            match policy.judge(checkpoint) {
                Ok(_) => {
                    let origin = checkpoint.checkpoint().origin().to_owned();
                    logs.entry(origin).or_default().push(checkpoint);
                }
                // The log that was here before may have another key, which this policy does not name.
                Err(_) if self.newest.values().any(|known| known == checkpoint) => {}
                Err(why) => faults.push(format!("a checkpoint that is shown: {why}")),
            }
        }
        let mut newest = self.newest.clone();
        for (origin, mut checkpoints) in logs {
            checkpoints.sort_by_key(|signed| signed.checkpoint().size());
            for pair in checkpoints.windows(2) {
                if let [old, new] = pair {
                    faults.extend(not_continued(client, old, new).await?);
                }
            }
            let last = checkpoints.last().copied().cloned();
            newest.extend(last.map(|last| (origin, last)));
        }
        if faults.is_empty() && newest != self.newest {
            self.newest = newest;
            self.write()?;
        }
        Ok(faults)
    }

    /// The old file or the new one, whatever happens in between.
    fn write(&self) -> Result<(), CliError> {
        let fail = |e| CliError::file(self.place.display(), e);
        let notes: BTreeMap<&String, String> = self
            .newest
            .iter()
            .map(|(origin, signed)| (origin, signed.to_string()))
            .collect();
        let text = serde_json::to_string(&notes).map_err(|e| CliError::input(e.to_string()))?;
        if let Some(folder) = self.place.parent() {
            fs::create_dir_all(folder).map_err(fail)?;
        }
        let beside = with_suffix(&self.place, ".new");
        let mut file = File::create(&beside).map_err(fail)?;
        file.write_all(format!("{text}\n").as_bytes())
            .map_err(fail)?;
        file.sync_all().map_err(fail)?;
        fs::rename(&beside, &self.place).map_err(fail)
    }
}

/// Why the newer of two trees does not begin with all of the older one, out of the hashes that the log shows.
async fn not_continued(
    client: &Client,
    old: &SignedCheckpoint,
    new: &SignedCheckpoint,
) -> Result<Option<String>, CliError> {
    let (old, new) = (old.checkpoint(), new.checkpoint());
    let fault = |why: &dyn std::fmt::Display| {
        let sizes = format!("the trees of {} and {} entries", old.size(), new.size());
        Ok(Some(format!(
            "{sizes} are not shown to be one history: {why}"
        )))
    };
    let mut proof = Vec::new();
    if old.size() < new.size() {
        let plan = match Plan::consistency(old.size(), new.size()) {
            Ok(plan) => plan,
            Err(why) => return fault(&why),
        };
        let mut tiles = Tiles::default();
        for tile in needed(plan.nodes(), new.size()) {
            let bytes = match client.tile(tile).await {
                Ok(bytes) => bytes,
                Err(ClientError::Problem(problem)) if problem.status == 404 => {
                    return fault(&format!("the log does not show {tile}"));
                }
                Err(other) => return Err(other.into()),
            };
            match tile.hashes(&bytes) {
                Ok(hashes) => tiles.insert(tile.level(), tile.index(), hashes),
                Err(why) => return fault(&why),
            }
        }
        proof = match plan.read(|node| tiles.read(node)) {
            Ok(hashes) => hashes,
            Err(why) => return fault(&why),
        };
    }
    match verify_consistency((old.size(), old.root()), (new.size(), new.root()), &proof) {
        Ok(()) => Ok(None),
        Err(why) => fault(&why),
    }
}
