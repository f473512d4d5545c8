//! Somebody else than the exchange's operator signs that the log shows everybody the same history: `takedown witness`.

use futures_util::future::join_all;
use std::collections::BTreeSet;
use takedown_core::log::note::SignatureType;
use takedown_core::log::witness::{AddCheckpoint, origin_hash, take_answer};
use takedown_core::log::{
    Checkpoint, CompactRange, Hash, Plan, Policy, SignedCheckpoint, SigningKey,
};
use takedown_tests::wait;
use takedown_tests::witness::{ANY_PORT, Witness};

const ORIGIN: &str = "log.example/2026";
const NAME: &str = "witness.example/platforms";
const TEXT: &str = "text/plain; charset=utf-8";

/// A log that grows, and that may be dishonest.
struct Log {
    key: SigningKey,
    leaves: Vec<Hash>,
}

impl Log {
    fn new() -> Log {
        Log::with_key(1)
    }

    fn with_key(seed: u8) -> Log {
        let name = ORIGIN.parse().unwrap();
        let key = SigningKey::from_seed(name, SignatureType::Ed25519, &[seed; 32]).unwrap();
        let leaves = Vec::new();
        Log { key, leaves }
    }

    fn vkey(&self) -> String {
        self.key.verifier().to_string()
    }

    fn grow(&mut self, entries: usize) {
        for _ in 0..entries {
            let entry = format!("entry {}", self.leaves.len());
            self.leaves.push(Hash::leaf(entry.as_bytes()));
        }
    }

    /// The same log with another entry at its end.
    fn forked(&self) -> Log {
        let mut fork = Log::new();
        fork.leaves.clone_from(&self.leaves);
        *fork.leaves.last_mut().unwrap() = Hash::leaf(b"another history");
        fork
    }

    fn checkpoint(&self, size: usize) -> SignedCheckpoint {
        let root = root(&self.leaves[..size]);
        let checkpoint = Checkpoint::new(ORIGIN, size.try_into().unwrap(), root).unwrap();
        SignedCheckpoint::sign(checkpoint, &self.key).unwrap()
    }

    /// The request to sign the tree of `size` entries for a witness that signed the one of `old`.
    fn request(&self, old: usize, size: usize) -> AddCheckpoint {
        let plan = Plan::consistency(old.min(size).try_into().unwrap(), size.try_into().unwrap());
        let proof = plan.unwrap().read(|node| {
            let start = usize::try_from(node.index << node.level).unwrap();
            Ok::<_, ()>(root(&self.leaves[start..start + (1 << node.level)]))
        });
        AddCheckpoint {
            old: old.try_into().unwrap(),
            proof: proof.unwrap(),
            checkpoint: self.checkpoint(size),
        }
    }
}

fn root(leaves: &[Hash]) -> Hash {
    let mut range = CompactRange::new();
    range.extend(leaves.iter().copied());
    range.root()
}

/// Asks to sign the growth, as a log does; the checkpoint with the witness's signature.
async fn cosigned(witness: &Witness, log: &Log, old: usize, size: usize) -> SignedCheckpoint {
    let request = log.request(old, size);
    let answer = witness.add(&request.to_string()).await.is(200);
    assert_eq!(answer.media_type, TEXT);
    let key = witness.vkey().parse().unwrap();
    let mut checkpoint = request.checkpoint;
    take_answer(&mut checkpoint, &answer.body, [&key]).unwrap();
    checkpoint
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_grows_is_signed_for_and_one_that_does_not_is_refused() {
    let mut log = Log::new();
    let mut witness = Witness::start(NAME, &[&log.vkey()]);
    assert!(witness.vkey().starts_with(&format!("{NAME}+")));
    let policy = format!(
        "log {}\nwitness w {}\nquorum w\n",
        log.vkey(),
        witness.vkey()
    );
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let place = format!("/{}/checkpoint", origin_hash(ORIGIN));
    witness.get(&place).await.is(404);

    // It grows, is signed for, and is shown to everybody.
    log.grow(300);
    for (old, size) in [(0, 1), (1, 256), (256, 300)] {
        let checkpoint = cosigned(&witness, &log, old, size).await;
        let judgement = policy.judge(&checkpoint).unwrap();
        assert_eq!(judgement.unmet(), None);
        let signed_at = judgement.witnesses()[0].time;
        let now = chrono::Utc::now().timestamp().try_into().unwrap();
        assert!((now - 600..=now).contains(&signed_at), "{signed_at} {now}");
        let shown = witness.get(&place).await.is(200);
        assert_eq!(
            (shown.media_type.as_str(), shown.body),
            (TEXT, checkpoint.to_string())
        );
    }
    let about = witness.get("/").await.is(200).body;
    assert_eq!(about, format!("{}\nlog {ORIGIN} 300\n", witness.vkey()));

    // The same again is signed again; what it knows better is answered with its size.
    cosigned(&witness, &log, 300, 300).await;
    let stale = witness.add(&log.request(0, 300).to_string()).await.is(409);
    assert_eq!(
        (stale.media_type.as_str(), stale.body.as_str()),
        ("text/x.tlog.size", "300\n")
    );

    // Killed in between, it remembers.
    witness.kill9();
    witness.restart();
    let refused = |request: AddCheckpoint| {
        let witness = &witness;
        async move { witness.add(&request.to_string()).await }
    };
    let smaller = refused(log.request(256, 299)).await.is(409);
    assert_eq!(smaller.body, "300\n");
    refused(log.request(301, 300)).await.is(400);
    let fork = log.forked();
    let two = refused(fork.request(300, 300)).await.is(409);
    assert!(two.body.contains("two histories"), "{two:?}");
    log.grow(40);
    let mut other = fork;
    other.grow(40);
    let rewritten = refused(other.request(300, 340)).await.is(422);
    assert!(
        rewritten.body.contains("does not start from the root"),
        "{rewritten:?}"
    );
    let mut proof = log.request(300, 340);
    proof.proof.reverse();
    refused(proof).await.is(422);
    let mut cut = log.request(300, 340);
    cut.proof.pop();
    refused(cut).await.is(422);
    let stranger = Log {
        leaves: log.leaves.clone(),
        ..Log::with_key(2)
    };
    refused(stranger.request(300, 340)).await.is(403);
    let good = log.request(300, 340).to_string();
    let forged = good.replace("\n340\n", "\n341\n");
    witness.add(&forged).await.is(403);
    let unknown = good.replace(ORIGIN, "log.example/2027");
    witness.add(&unknown).await.is(404);
    for broken in [
        "",
        "old 300\n",
        &good[1..],
        &good.replace("old 300", "old 0300"),
        &good.replace('\n', "\r\n"),
    ] {
        let answer = witness.add(broken).await.is(400);
        assert!(answer.body.len() > 20, "it says what is wrong: {answer:?}");
    }
    witness.add(&"x".repeat(1 << 20)).await.is(413);
    witness.get("/add-checkpoint").await.is(405);
    witness.get("/nothing").await.is(404);
    witness
        .get(&format!("/{}/checkpoint", origin_hash("other.example")))
        .await
        .is(404);

    // None of it changed anything.
    let checkpoint = cosigned(&witness, &log, 300, 340).await;
    assert_eq!(policy.judge(&checkpoint).unwrap().unmet(), None);
    let evidence = std::fs::read_dir(witness.directory().join("forks"))
        .unwrap()
        .count();
    assert_eq!(evidence, 1, "the second history is kept");
    witness.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_under_load_it_has_signed_one_history() {
    const ROUNDS: usize = 5;
    let mut log = Log::new();
    log.grow(2_000);
    let mut witness = Witness::start(NAME, &[&log.vkey()]);
    let key = witness.vkey();
    let mut size = 1;
    cosigned(&witness, &log, 0, size).await;
    for _ in 0..ROUNDS {
        // Honest growth and rewritten histories at once, until it is killed.
        let pid = witness.pid();
        let before = size;
        let signed = std::sync::Mutex::new(BTreeSet::from([before]));
        let latest = || *signed.lock().unwrap().last().unwrap();
        let grow = async {
            loop {
                let old = latest();
                let request = log.request(old, old + 3).to_string();
                match witness.try_add(&request).await {
                    Ok(answer) => {
                        answer.is(200);
                        signed.lock().unwrap().insert(old + 3);
                    }
                    Err(_) => return,
                }
            }
        };
        let rewrite = |entry: usize| {
            let (witness, latest, log) = (&witness, &latest, &log);
            async move {
                loop {
                    let old = latest();
                    let mut other = Log::new();
                    other.leaves.clone_from(&log.leaves);
                    other.leaves[entry] = Hash::leaf(b"never happened");
                    let request = other.request(old, old + 7).to_string();
                    match witness.try_add(&request).await {
                        Ok(answer) => assert!([409, 422].contains(&answer.status), "{answer:?}"),
                        Err(_) => return,
                    }
                }
            }
        };
        let kill = async {
            wait::until("some trees to be signed", || async {
                (latest() >= before + 30).then_some(())
            })
            .await;
            takedown_tests::server::signal("KILL", pid);
        };
        tokio::join!(grow, join_all((0..2).map(|_| rewrite(0))), kill);
        witness.kill9();
        witness.restart();
        assert_eq!(witness.vkey(), key);
        // It remembers all that it answered, and at most the one it was about to answer.
        let answer = witness
            .add(&log.request(0, 2_000).to_string())
            .await
            .is(409);
        size = answer.body.trim_end().parse().unwrap();
        assert!(
            [latest(), latest() + 3].contains(&size),
            "{size} {}",
            latest()
        );
        let place = format!("/{}/checkpoint", origin_hash(ORIGIN));
        let shown: SignedCheckpoint = witness.get(&place).await.is(200).body.parse().unwrap();
        assert_eq!(*shown.checkpoint().root(), root(&log.leaves[..size]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_never_have_one_memory() {
    let log = Log::new();
    let witness = Witness::start(NAME, &[&log.vkey()]);
    let second = witness.command(ANY_PORT).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(
        said.contains("another witness runs on this directory"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_at_the_start_is_said() {
    let log = Log::new();
    let mut witness = Witness::start(NAME, &[&log.vkey()]);
    witness.kill9();
    let file = witness.directory().join("logs.txt");
    let run_on = |listen: &str, more: &[&str], logs: &str| {
        std::fs::write(&file, logs).unwrap();
        let mut command = witness.command(listen);
        let output = command
            .arg("--logs")
            .arg(&file)
            .args(more)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let run = |more: &[&str], logs: &str| run_on(ANY_PORT, more, logs);
    let line = format!("log {}\n", log.vkey());
    let said = run(&[], &format!("{line}\nwitness w x\n{line}"));
    assert!(
        said.contains("line 3: \"witness\" begins no line here; known are log"),
        "{said}"
    );
    assert!(
        said.contains("line 4: this key is in line 1 already"),
        "{said}"
    );
    let said = run(&["--log", "nonsense"], &line);
    assert!(said.contains("--log: \"nonsense\" is not a vkey"), "{said}");
    let said = run(&["--log", &witness.vkey()], &line);
    assert!(
        said.contains("--log: this key is of type 0x04; the key of a log is of type 0x01"),
        "{said}"
    );
    let said = run_on("192.0.2.1:80", &[], &line);
    assert!(said.contains("cannot listen on 192.0.2.1:80"), "{said}");
    std::fs::remove_dir_all(witness.directory().join("logs")).unwrap();
    let said = run(&[], &line);
    assert!(
        said.contains("has a key and no memory of what it signed"),
        "{said}"
    );
}
