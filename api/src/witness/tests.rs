#![allow(clippy::unwrap_used)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use takedown_core::log::note::SignatureType;
use takedown_core::log::{Checkpoint, CompactRange, Hash, Plan, SignedCheckpoint};

use super::*;

const ORIGIN: &str = "log.example/2026";

/// A directory that goes with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("takedown-witness-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn log_key(seed: u8) -> SigningKey {
    SigningKey::from_seed(ORIGIN.parse().unwrap(), SignatureType::Ed25519, &[seed; 32]).unwrap()
}

/// The leaves of a history; each `history` has other entries from its third on.
fn leaves(history: u8, size: u64) -> Vec<Hash> {
    (0..size)
        .map(|at| Hash::leaf(&[if at < 2 { 0 } else { history }, u8::try_from(at).unwrap()]))
        .collect()
}

fn request(history: u8, old: u64, size: u64) -> AddCheckpoint {
    let leaves = leaves(history, size);
    let range = |leaves: &[Hash]| {
        let mut range = CompactRange::new();
        range.extend(leaves.iter().copied());
        range
    };
    let plan = Plan::consistency(old, size).unwrap();
    let proof = plan.read(|node| {
        let start = usize::try_from(node.index << node.level).unwrap();
        Ok::<_, ()>(range(&leaves[start..start + (1 << node.level)]).root())
    });
    let checkpoint = Checkpoint::new(ORIGIN, size, range(&leaves).root()).unwrap();
    AddCheckpoint {
        old,
        proof: proof.unwrap(),
        checkpoint: SignedCheckpoint::sign(checkpoint, &log_key(1)).unwrap(),
    }
}

fn open(directory: &Path, name: Option<&str>) -> Result<Witness, StartError> {
    Witness::open(Settings {
        directory: directory.to_owned(),
        name: name.map(|name| name.parse().unwrap()),
        logs: vec![log_key(1).verifier().clone()],
    })
}

fn add(witness: &Witness, request: &AddCheckpoint) -> Result<String, u16> {
    witness
        .add(request.to_string().as_bytes(), 1_790_000_000)
        .map_err(|error| match error {
            Unanswered::Refused(refusal) => refusal.status(),
            _ => 0,
        })
}

#[test]
fn it_remembers_over_its_end_what_it_signed() {
    let scratch = Scratch::new("remembers");
    let witness = open(&scratch.0, Some("w.example")).unwrap();
    let vkey = witness.key().clone();
    assert_eq!(witness.logs().collect::<Vec<_>>(), [(ORIGIN, 0)]);
    let line = add(&witness, &request(1, 0, 5)).unwrap();
    let kept = witness.latest(&origin_hash(ORIGIN)).unwrap();
    assert!(kept.ends_with(&line));
    assert_eq!(witness.latest(&origin_hash("other")), None);
    drop(witness);

    let witness = open(&scratch.0, None).unwrap();
    assert_eq!(witness.key(), &vkey);
    assert_eq!(witness.latest(&origin_hash(ORIGIN)), Some(kept));
    assert_eq!(add(&witness, &request(1, 0, 6)), Err(409));
    assert_eq!(
        add(&witness, &request(2, 5, 6)),
        Err(422),
        "another history"
    );
    assert_eq!(add(&witness, &request(1, 5, 5)).map(|_| ()), Ok(()));
    assert_eq!(add(&witness, &request(1, 5, 6)).map(|_| ()), Ok(()));
    drop(witness);
    // What an end in the middle of writing leaves behind changes nothing.
    let logs = scratch.0.join("logs");
    std::fs::write(logs.join(format!(".{}.new", origin_hash(ORIGIN))), "half").unwrap();
    let witness = open(&scratch.0, Some("w.example")).unwrap();
    assert_eq!(witness.logs().collect::<Vec<_>>(), [(ORIGIN, 6)]);
    assert!(add(&witness, &request(1, 6, 9)).is_ok());
}

#[test]
fn of_many_histories_at_once_it_signs_one() {
    let scratch = Scratch::new("many");
    let witness = open(&scratch.0, Some("w.example")).unwrap();
    add(&witness, &request(1, 0, 2)).unwrap();
    let signed: Vec<u8> = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..=16)
            .map(|history| {
                let witness = &witness;
                scope.spawn(move || {
                    let signed = add(witness, &request(history, 2, 3 + u64::from(history % 4)));
                    signed.is_ok().then_some(history)
                })
            })
            .collect();
        let ended = threads
            .into_iter()
            .filter_map(|thread| thread.join().unwrap());
        ended.collect()
    });
    assert_eq!(signed.len(), 1, "{signed:?}");
    let (_, size) = witness.logs().next().unwrap();
    assert_eq!(size, 3 + u64::from(signed[0] % 4));
}

#[test]
fn two_roots_of_one_size_are_kept_as_evidence() {
    let scratch = Scratch::new("evidence");
    let witness = open(&scratch.0, Some("w.example")).unwrap();
    add(&witness, &request(1, 0, 5)).unwrap();
    let forked = request(2, 5, 5);
    for _ in 0..2 {
        assert_eq!(add(&witness, &forked), Err(409));
    }
    let forks = || std::fs::read_dir(scratch.0.join("forks")).unwrap();
    let kept: Vec<_> = forks().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(kept.len(), 1);
    let text = std::fs::read_to_string(&kept[0]).unwrap();
    assert_eq!(text, forked.checkpoint.to_string());
    // Without limit a log could fill the disk.
    for history in 3..40 {
        assert_eq!(add(&witness, &request(history, 5, 5)), Err(409));
    }
    assert_eq!(forks().count(), 16);
    assert!(add(&witness, &request(1, 5, 6)).is_ok());
}

#[test]
fn it_does_not_start_on_what_it_did_not_leave() {
    let scratch = Scratch::new("damaged");
    let said = |result: Result<Witness, StartError>| result.unwrap_err().to_string();
    assert!(said(open(&scratch.0, None)).starts_with("this witness has no key yet"));
    let witness = open(&scratch.0, Some("w.example")).unwrap();
    add(&witness, &request(1, 0, 5)).unwrap();
    assert!(said(open(&scratch.0, None)).contains("another witness runs on this directory"));
    drop(witness);
    let other = said(open(&scratch.0, Some("other.example")));
    assert!(
        other.starts_with("this witness is called w.example"),
        "{other}"
    );

    let key = scratch.0.join("key");
    let mode =
        |mode| std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).unwrap();
    assert_eq!(key.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    mode(0o640);
    assert!(said(open(&scratch.0, None)).contains("others may read this key"));
    mode(0o600);

    let file = scratch.0.join("logs").join(origin_hash(ORIGIN));
    let good = std::fs::read_to_string(&file).unwrap();
    for (bad, wanted) in [
        (
            good.replace("\n5\n", "\n4\n"),
            "this witness did not sign it",
        ),
        (String::new(), "this is no checkpoint"),
        (
            request(1, 0, 5).checkpoint.to_string(),
            "this witness did not sign it",
        ),
    ] {
        std::fs::write(&file, bad).unwrap();
        let said = said(open(&scratch.0, None));
        assert!(
            said.contains(wanted) && said.contains("put the file back"),
            "{said}"
        );
    }
    std::fs::write(&file, &good).unwrap();
    std::fs::rename(scratch.0.join("logs"), scratch.0.join("away")).unwrap();
    assert!(said(open(&scratch.0, None)).contains("has a key and no memory"));
    std::fs::rename(scratch.0.join("away"), scratch.0.join("logs")).unwrap();

    let secret = std::fs::read_to_string(&key).unwrap();
    std::fs::write(&key, "nothing\n").unwrap();
    let no_key = said(open(&scratch.0, None));
    assert!(no_key.contains("this is not a private key"), "{no_key}");
    std::fs::write(&key, format!("{}\n", *log_key(9).secret())).unwrap();
    assert!(said(open(&scratch.0, None)).contains("this key is of type 0x01"));
    std::fs::write(&key, secret).unwrap();
    assert!(open(&scratch.0, None).is_ok());
}

#[test]
fn a_log_cannot_be_its_own_witness() {
    let scratch = Scratch::new("own");
    let with = |logs| {
        Witness::open(Settings {
            directory: scratch.0.clone(),
            name: Some("w.example".parse().unwrap()),
            logs,
        })
    };
    assert!(matches!(with(Vec::new()), Err(StartError::NoLogs)));
    let own = with(vec![log_key(1).verifier().clone()])
        .unwrap()
        .key()
        .key()
        .clone();
    let own = VerifierKey::new(ORIGIN.parse().unwrap(), SignatureType::Ed25519, own);
    assert!(matches!(with(vec![own]), Err(StartError::OwnLog(_))));
    // A log may change its key: both are known for a while.
    let witness = with(vec![
        log_key(2).verifier().clone(),
        log_key(1).verifier().clone(),
    ]);
    let witness = witness.unwrap();
    assert_eq!(witness.logs().count(), 1);
    assert!(add(&witness, &request(1, 0, 3)).is_ok());
}

#[test]
fn what_cannot_be_kept_is_not_signed() {
    let scratch = Scratch::new("unkept");
    let witness = open(&scratch.0, Some("w.example")).unwrap();
    add(&witness, &request(1, 0, 5)).unwrap();
    // A directory where the file should go: no user can write that.
    let temporary = scratch
        .0
        .join("logs")
        .join(format!(".{}.new", origin_hash(ORIGIN)));
    std::fs::create_dir(&temporary).unwrap();
    let unkept = witness.add(request(1, 5, 6).to_string().as_bytes(), 1);
    assert!(matches!(unkept, Err(Unanswered::NotKept(_))));
    assert_eq!(witness.logs().collect::<Vec<_>>(), [(ORIGIN, 5)]);
    std::fs::remove_dir(&temporary).unwrap();
    assert!(add(&witness, &request(1, 5, 6)).is_ok());
    assert!(matches!(witness.add(b"\xff", 1), Err(Unanswered::NotText)));
    assert!(matches!(witness.add(b"", 1), Err(Unanswered::Request(_))));
}
