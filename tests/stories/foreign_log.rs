//! Programs that nobody here wrote check our log, and play one for our witness (`tests/clients/python/foreign_log.py`).

use serde_json::{Value, json};
use std::io::Write as _;
use std::process::{Command, Stdio};
use takedown_core::log::note::SignatureType;
use takedown_core::log::witness::{AddCheckpoint, take_answer};
use takedown_core::log::{
    Checkpoint, CompactRange, Hash, Plan, Policy, SignedCheckpoint, SigningKey, TlogProof,
    VerifierKey, cosignature,
};
use takedown_tests::paths;
use takedown_tests::witness::Witness;

const ORIGIN: &str = "log.example/2026";
/// Every size up to this is looked at: 2^6 and what lies around it are among them.
const MOST: usize = 70;

fn entries() -> Vec<String> {
    (0..MOST).map(|at| format!("entry {at}")).collect()
}

fn leaves() -> Vec<Hash> {
    entries()
        .iter()
        .map(|entry| Hash::leaf(entry.as_bytes()))
        .collect()
}

fn root(leaves: &[Hash]) -> Hash {
    let mut range = CompactRange::new();
    range.extend(leaves.iter().copied());
    range.root()
}

fn key(name: &str, signature_type: SignatureType, seed: u8) -> SigningKey {
    SigningKey::from_seed(name.parse().unwrap(), signature_type, &[seed; 32]).unwrap()
}

fn texts(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(ToString::to_string).collect()
}

fn hashes_of(plan: &Plan) -> Vec<Hash> {
    let leaves = leaves();
    let read = plan.read(|node| {
        let start = usize::try_from(node.index << node.level).unwrap();
        Ok::<_, ()>(root(&leaves[start..start + (1 << node.level)]))
    });
    read.unwrap()
}

fn number(size: usize) -> u64 {
    size.try_into().unwrap()
}

/// Runs the program and returns what it printed.
fn foreign(asked: &Value) -> Value {
    let mut program = Command::new(paths::tool("venv/bin/python"))
        .arg(paths::root().join("tests/clients/python/foreign_log.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = program.stdin.take().unwrap();
    stdin.write_all(asked.to_string().as_bytes()).unwrap();
    drop(stdin);
    let done = program.wait_with_output().unwrap();
    assert!(done.status.success(), "{}", done.status);
    serde_json::from_slice(&done.stdout).unwrap()
}

/// A checkpoint of the first `size` entries, signed by the log and by a witness at a time.
fn witnessed(size: usize, log: &SigningKey, witness: &SigningKey) -> SignedCheckpoint {
    let checkpoint = Checkpoint::new(ORIGIN, number(size), root(&leaves()[..size])).unwrap();
    let mut signed = SignedCheckpoint::sign(checkpoint, log).unwrap();
    let signature = cosignature::sign(&signed, witness, 1_790_000_000).unwrap();
    signed.add(signature);
    signed
}

#[test]
fn two_foreign_programs_agree_with_our_proofs() {
    let leaves = leaves();
    let log = key(ORIGIN, SignatureType::Ed25519, 1);
    let witness = key("witness.example/platforms", SignatureType::Cosignature, 2);
    // Each case beside what must be said of it.
    let (mut inclusion, mut consistency) = (Vec::new(), Vec::new());
    for size in 1..=MOST {
        let tree = root(&leaves[..size]);
        for index in [0, size / 3, size / 2, size - 1] {
            let proof = hashes_of(&Plan::inclusion(number(index), number(size)).unwrap());
            let case = |entry: usize| json!({"entry": entry, "index": index, "size": size, "proof": texts(&proof), "root": tree.to_string()});
            inclusion.push((case(index), true));
            inclusion.push((case((index + 1) % MOST), false));
        }
        for old in [1, size.div_ceil(3), size.div_ceil(2), size] {
            let proof = hashes_of(&Plan::consistency(number(old), number(size)).unwrap());
            let case = |old_root: Hash| json!({"old": old, "size": size, "proof": texts(&proof), "old_root": old_root.to_string(), "root": tree.to_string()});
            consistency.push((case(root(&leaves[..old])), true));
            consistency.push((case(root(&leaves[..old - 1])), false));
        }
    }
    let mut receipts = Vec::new();
    for index in [0, 17, MOST - 1] {
        let plan = Plan::inclusion(number(index), number(MOST)).unwrap();
        let proof = TlogProof {
            extra: (index == 17).then(|| b"anything".to_vec()),
            index: number(index),
            hashes: hashes_of(&plan),
            checkpoint: witnessed(MOST, &log, &witness),
        };
        let file = proof.to_string();
        let case = |file: &str, entry: usize, threshold: u8| json!({"file": file, "entry": entry, "threshold": threshold});
        receipts.push((case(&file, index, 1), true));
        receipts.push((case(&file, (index + 1) % MOST, 1), false));
        receipts.push((case(&file, index, 2), false));
        receipts.push((
            case(&file.replace(&format!("\n{MOST}\n"), "\n71\n"), index, 1),
            false,
        ));
    }
    let good = witnessed(5, &log, &witness).to_string();
    let checkpoints = [
        (json!(good), true),
        (json!(good.replace("\n5\n", "\n6\n")), false),
    ];

    let cases =
        |all: &[(Value, bool)]| all.iter().map(|(case, _)| case.clone()).collect::<Vec<_>>();
    let wanted = |all: &[(Value, bool)]| all.iter().map(|(_, wanted)| *wanted).collect::<Vec<_>>();
    let roots: Vec<_> = (0..=MOST).map(|size| root(&leaves[..size])).collect();
    let found = foreign(&json!({
        "do": "check",
        "origin": ORIGIN,
        "log": log.verifier().to_string(),
        "witnesses": [witness.verifier().to_string()],
        "entries": entries(),
        "roots": texts(&roots),
        "inclusion": cases(&inclusion),
        "consistency": cases(&consistency),
        "receipts": cases(&receipts),
        "checkpoints": cases(&checkpoints),
    }));
    assert_eq!(found["roots"], json!(vec![true; MOST + 1]));
    assert_eq!(found["same_proofs"], json!(vec![true; inclusion.len()]));
    assert_eq!(found["inclusion"], json!(wanted(&inclusion)));
    assert_eq!(found["consistency"], json!(wanted(&consistency)));
    assert_eq!(found["receipts"], json!(wanted(&receipts)));
    assert_eq!(found["checkpoints"], json!(wanted(&checkpoints)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_log_is_signed_for_by_our_witness_and_its_signature_is_good_elsewhere() {
    let growth = [
        (0, 1, false),
        (1, 8, false),
        (8, 70, false),
        (70, 70, false),
        (8, 69, false),
        (70, 70, true),
    ];
    let asked = json!({
        "do": "log",
        "origin": ORIGIN,
        "seed": "07".repeat(32),
        "entries": entries(),
        "growth": growth.map(|(old, size, rewritten)| json!({"old": old, "size": size, "rewritten": rewritten})),
    });
    let log = tokio::task::spawn_blocking(move || foreign(&asked))
        .await
        .unwrap();
    let vkey = log["vkey"].as_str().unwrap();
    let witness = Witness::start("witness.example/platforms", &[vkey]);
    let mut cosigned = Vec::new();
    for (request, status) in log["requests"]
        .as_array()
        .unwrap()
        .iter()
        .zip([200, 200, 200, 200, 409, 409])
    {
        let body = request.as_str().unwrap();
        let answer = witness.add(body).await.is(status);
        if status == 200 {
            let mut checkpoint = body.parse::<AddCheckpoint>().unwrap().checkpoint;
            take_answer(
                &mut checkpoint,
                &answer.body,
                [&witness.vkey().parse().unwrap()],
            )
            .unwrap();
            cosigned.push(checkpoint);
        }
    }
    // Ours reads what the foreign log signed, and the foreign program what our witness signed.
    let key: VerifierKey = vkey.parse().unwrap();
    let policy = format!("witness w {}\nquorum w", witness.vkey());
    let policy = Policy::parse(policy.as_bytes()).unwrap().with_log(key);
    for checkpoint in &cosigned {
        assert_eq!(policy.judge(checkpoint).unwrap().unmet(), None);
    }
    let asked = json!({
        "do": "check",
        "origin": ORIGIN,
        "log": vkey,
        "witnesses": [witness.vkey()],
        "entries": [],
        "roots": [Hash::EMPTY.to_string()],
        "inclusion": [],
        "consistency": [],
        "receipts": [],
        "checkpoints": cosigned.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    let found = tokio::task::spawn_blocking(move || foreign(&asked))
        .await
        .unwrap();
    assert_eq!(found["checkpoints"], json!(vec![true; cosigned.len()]));
}
