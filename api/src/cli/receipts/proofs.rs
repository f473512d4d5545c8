//! The proofs of receipts, in a file beside them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::Utc;
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use takedown_core::log::proof::NotProven;
use takedown_core::log::receipt::{Promise, WITHIN_SECONDS};
use takedown_core::log::{CompactRange, Hash, Policy, SignedCheckpoint, TlogProof};

use super::{CliError, Standing};
use crate::client::receipts::{Promised, append, lines};
use crate::client::{Client, ClientError};

/// Clocks of two machines differ by so much without anybody lying.
const SKEW_SECONDS: u64 = 60;

/// A proof of an entry, as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    entry: String,
    /// Its leaf hash in base64.
    leaf: String,
    /// Base64 of a `.tlog-proof`.
    proof: String,
    /// Of the first entry of a receipt with many: its root, and the names of all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of: Option<Many>,
}

/// A receipt whose answer named no entries.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Many {
    root: String,
    entries: Vec<String>,
}

/// What is kept, and what this run added to it.
pub(super) struct Proofs {
    place: PathBuf,
    kept: HashMap<String, Kept>,
    new: Vec<SignedCheckpoint>,
}

/// What came of asking for one proof.
enum Asked {
    Proven(Hash, Box<TlogProof>, bool),
    NotYet(String),
    Missing(String),
}

impl Proofs {
    /// Those beside a book of receipts.
    pub(super) fn beside(book: &Path) -> Result<Self, CliError> {
        let place = with_suffix(book, ".proofs");
        let all: Vec<Kept> = lines(&place).map_err(|e| CliError::file(place.display(), e))?;
        let kept = all.into_iter().map(|one| (one.entry.clone(), one));
        Ok(Self {
            kept: kept.collect(),
            place,
            new: Vec::new(),
        })
    }

    /// The checkpoints of the proofs that are new.
    pub(super) fn added(&self) -> &[SignedCheckpoint] {
        &self.new
    }

    /// Finds the proof of each entry that was promised, keeps what is new of them, and checks that they are what was promised.
    pub(super) async fn complete(
        &mut self,
        kept: &Promised,
        promise: &Promise,
        policy: &Policy,
        (client, until): (Option<&Client>, Instant),
    ) -> Result<Standing, CliError> {
        let overdue = overdue(promise);
        let late = |why: String| match overdue {
            true => Standing::Against(format!(
                "{why}, although it was promised within {WITHIN_SECONDS} s"
            )),
            false => Standing::Waiting(why),
        };
        let names = match self.names(kept, client).await? {
            Ok(names) => names,
            Err(why) => return Ok(Standing::Waiting(why)),
        };
        if u64::try_from(names.len()).ok() != Some(promise.entries) {
            return Ok(Standing::Against(format!(
                "{} entries are named where {} were promised",
                names.len(),
                promise.entries
            )));
        }
        let (mut tree, mut found) = (CompactRange::new(), Vec::with_capacity(names.len()));
        let mut unmet = None;
        for name in &names {
            match self.of(name, policy, client, until).await? {
                Asked::Proven(leaf, proof, fresh) => {
                    match proof.verify(&leaf, policy) {
                        Ok(_) => {}
                        Err(NotProven::Witnesses(missing)) => unmet = Some(missing.to_string()),
                        Err(why) => return Ok(Standing::Against(format!("{name}: {why}"))),
                    }
                    tree.push(leaf);
                    found.push((name, leaf, proof, fresh));
                }
                Asked::NotYet(why) => return Ok(late(format!("{name}: {why}"))),
                Asked::Missing(why) => return Ok(late(format!("{name}: {why}"))),
            }
        }
        if tree.root() != promise.root {
            return Ok(Standing::Against(
                "the entries that are shown are not those that were promised".to_owned(),
            ));
        }
        if let Some(missing) = unmet {
            // Kept once enough of them have signed.
            return Ok(Standing::Waiting(format!(
                "too few witnesses signed: {missing}"
            )));
        }
        let mut many = kept.root.as_ref().map(|root| Many {
            root: root.clone(),
            entries: names.clone(),
        });
        for (name, leaf, proof, fresh) in &found {
            if *fresh {
                self.add(name, leaf, proof, many.take())?;
            }
        }
        Ok(Standing::Proven)
    }

    /// The names of the entries of a receipt; or why they are not known now.
    async fn names(
        &self,
        kept: &Promised,
        client: Option<&Client>,
    ) -> Result<Result<Vec<String>, String>, CliError> {
        if !kept.entries.is_empty() {
            return Ok(Ok(kept.entries.clone()));
        }
        let Some(root) = &kept.root else {
            return Ok(Err("its answer named no entries".to_owned()));
        };
        let mut before = self.kept.values().filter_map(|one| one.of.as_ref());
        if let Some(before) = before.find(|many| many.root == *root) {
            return Ok(Ok(before.entries.clone()));
        }
        let Some(client) = client else {
            return Ok(Err("which entries it is for was not asked yet".to_owned()));
        };
        match client.entries_of(root).await {
            Ok(names) => Ok(Ok(names)),
            Err(ClientError::Problem(problem)) if problem.status == 404 => Ok(Err(
                "the exchange does not say any more which entries it is for".to_owned(),
            )),
            Err(other) => Err(other.into()),
        }
    }

    async fn of(
        &self,
        name: &str,
        policy: &Policy,
        client: Option<&Client>,
        until: Instant,
    ) -> Result<Asked, CliError> {
        let before = self.kept.get(name).and_then(Kept::read);
        if let Some((leaf, proof)) = before {
            // One that a stricter policy does not accept is asked for again.
            if client.is_none() || proof.verify(&leaf, policy).is_ok() {
                return Ok(Asked::Proven(leaf, Box::new(proof), false));
            }
        }
        let Some(client) = client else {
            return Ok(Asked::NotYet("its proof was not asked for yet".to_owned()));
        };
        let left = until.saturating_duration_since(Instant::now()).as_secs();
        let wait = u32::try_from(left).unwrap_or(u32::MAX);
        let proof = match client.proof(name, wait).await {
            Ok(Some(proof)) => proof,
            Ok(None) => {
                return Ok(Asked::NotYet(
                    "no signed checkpoint covers it yet".to_owned(),
                ));
            }
            Err(ClientError::Problem(problem)) if problem.status == 404 => {
                return Ok(Asked::Missing("the log does not know it".to_owned()));
            }
            Err(other) => return Err(other.into()),
        };
        match (proof.leaf.parse(), proof.text.parse()) {
            (Ok(leaf), Ok(text)) => Ok(Asked::Proven(leaf, Box::new(text), true)),
            (Err(why), _) => Ok(Asked::Missing(format!("its leaf: {why}"))),
            (_, Err(why)) => Ok(Asked::Missing(format!("its proof: {why}"))),
        }
    }

    fn add(
        &mut self,
        name: &str,
        leaf: &Hash,
        proof: &TlogProof,
        of: Option<Many>,
    ) -> Result<(), CliError> {
        let kept = Kept {
            entry: name.to_owned(),
            leaf: leaf.to_string(),
            proof: BASE64.encode(proof.to_string().as_bytes()),
            of,
        };
        let line = serde_json::to_string(&kept).map_err(|e| CliError::input(e.to_string()))?;
        append(&self.place, &line).map_err(|e| CliError::file(self.place.display(), e))?;
        self.new.push(proof.checkpoint.clone());
        self.kept.insert(name.to_owned(), kept);
        Ok(())
    }
}

impl Kept {
    fn read(&self) -> Option<(Hash, TlogProof)> {
        let proof = decoded(&self.proof)?.parse().ok()?;
        Some((self.leaf.parse().ok()?, proof))
    }
}

/// Whether what was promised should be there by now.
fn overdue(promise: &Promise) -> bool {
    let now = Utc::now().timestamp_millis();
    let patience = i64::try_from((WITHIN_SECONDS + SKEW_SECONDS) * 1_000).unwrap_or(i64::MAX);
    now.saturating_sub(promise.at_millis) > patience
}

/// The text of a base64.
pub(super) fn decoded(base64: &str) -> Option<String> {
    let bytes = BASE64.decode(base64.trim().as_bytes()).ok()?;
    String::from_utf8(bytes).ok()
}

/// The file beside another one.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
