//! The exchange asks witnesses to sign how far its history is, so that nobody can be shown another one.

mod trouble;
mod unknown;

use crate::log::{decoded, entries, key_of};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use takedown_core::log::note::VerifierKey;
use takedown_core::log::receipt::SignedReceipt;
use takedown_core::log::{Policy, SignedCheckpoint, TlogProof};
use takedown_tests::link::Link;
use takedown_tests::seams::setting;
use takedown_tests::witness::Witness;
use takedown_tests::{Answer, Db, Filing, World, both_databases, wait};
use tokio::net::TcpListener;

both_databases!(
    two_of_three_are_enough_while_the_third_stalls,
    while_all_are_away_filing_goes_on_and_proofs_are_completed_later,
);

const NAMES: [&str; 3] = ["association", "auditor", "university"];

/// An exchange that asks three witnesses, of whom two must sign, each over a wire that can be cut.
struct Watched {
    w: World,
    key: VerifierKey,
    witnesses: Vec<Witness>,
    wires: Vec<Link>,
}

impl Watched {
    async fn new(db: Db) -> Watched {
        let mut watched = Watched::unwatched(db).await;
        let text = watched.policy_text(&[]);
        watched.ask_by(&text);
        watched
    }

    /// The witnesses are there, and the exchange does not know of them yet.
    async fn unwatched(db: Db) -> Watched {
        let w = World::new(db).await;
        let key = key_of(&w.unit.api).await;
        let log = key.to_string();
        let mut watched = Watched {
            w,
            key,
            witnesses: Vec::new(),
            wires: Vec::new(),
        };
        for name in NAMES {
            let witness = Witness::start(&format!("{name}.example/witness"), &[&log]);
            watched.wires.push(Link::to(witness.place()).await);
            watched.witnesses.push(witness);
        }
        watched
    }

    /// Two of three; `elsewhere` are ports at which the witness of that number is said to be.
    fn policy_text(&self, elsewhere: &[(usize, u16)]) -> String {
        let mut text = format!("# Who must have signed\nlog {}\n", self.key);
        for (at, name) in NAMES.into_iter().enumerate() {
            let other = elsewhere.iter().find(|(number, _)| *number == at);
            let port = other.map_or(self.wires[at].port(), |(_, port)| *port);
            let vkey = self.witnesses[at].vkey();
            text += &format!("witness {name} {vkey} http://127.0.0.1:{port}\n");
        }
        text + &format!("group outside 2 {}\nquorum outside\n", NAMES.join(" "))
    }

    fn file(&self) -> PathBuf {
        self.w.server.data().join("witnesses.policy")
    }

    /// Starts the exchange again with this policy.
    fn ask_by(&mut self, policy: &str) {
        std::fs::write(self.file(), policy).unwrap();
        self.w.server.stop();
        let file = self.file().display().to_string();
        self.w.server.set(setting("TAKEDOWN_HISTORY_POLICY", &file));
        self.w.server.restart();
    }

    fn policy(&self) -> Policy {
        Policy::parse(&std::fs::read(self.file()).unwrap()).unwrap()
    }

    async fn filed(&self, link: &str, wait: Option<u32>) -> Answer {
        let body = Filing::referral(&[link]).json();
        let call = self.w.unit.api.post("/v1/requests", &body);
        let call = match wait {
            Some(seconds) => call.header("Prefer", &format!("wait={seconds}")),
            None => call,
        };
        call.await.is(201)
    }

    /// Files, and waits until enough witnesses signed a history with it.
    async fn signed(&self, link: &str) -> SignedCheckpoint {
        let filed = self.filed(link, None).await;
        let entry = last_entry(&filed);
        self.proven(&entry).await.checkpoint
    }

    async fn proof(&self, entry: &str) -> Answer {
        let at = format!("/v1/log/proofs/{entry}");
        self.w.unit.api.get(&at).without_token().await
    }

    /// The proof, once it leads to what enough witnesses signed.
    async fn proven(&self, entry: &str) -> TlogProof {
        wait::until("enough witnesses", async || {
            let answer = self.proof(entry).await;
            let complete = answer.header("takedown-cosigned") == Some("true");
            complete.then(|| answer.text().parse().unwrap())
        })
        .await
    }

    async fn shown(&self) -> SignedCheckpoint {
        let shown = self.w.unit.api.get("/log/checkpoint").without_token().await;
        shown.is(200).text().parse().unwrap()
    }

    /// How the log stands, as everybody may read.
    async fn log(&self) -> serde_json::Value {
        let log = self.w.unit.api.get("/v1/log").without_token().await;
        log.is(200).json()
    }

    /// Why the exchange waits or has stopped, once it says so.
    async fn says(&self, member: &str) -> String {
        wait::until("it to say why", async || {
            self.log().await[member].as_str().map(str::to_owned)
        })
        .await
    }

    /// What a node remembers of the log is lost.
    fn forget(&self) {
        std::fs::remove_file(self.w.server.data().join("history/checkpoint")).unwrap();
    }

    /// How a witness stands, as everybody may read.
    async fn stands(&self, name: &str) -> serde_json::Value {
        let log = self.log().await;
        let mut witnesses = log["witnesses"].as_array().unwrap().iter();
        let witness = witnesses.find(|witness| witness["name"] == name);
        witness.unwrap_or_else(|| panic!("{log:#}")).clone()
    }

    /// What is the matter with a witness, once it is this.
    async fn problem(&self, name: &str, code: &str) -> String {
        wait::until("the trouble to be named", async || {
            let problem = self.stands(name).await["problem"].take();
            (problem["code"] == code).then(|| problem["detail"].as_str().unwrap().to_owned())
        })
        .await
    }

    /// A command on the server's machine: whether it ended well, and what it said.
    fn run(&self, arguments: &[&str]) -> (bool, String) {
        let done = self.w.server.command(arguments).output().unwrap();
        let said = [done.stdout, done.stderr].map(|said| String::from_utf8(said).unwrap());
        (done.status.success(), said.concat())
    }

    /// `takedown verify-proof` by the policy, with what came with an answer.
    fn verified(&self, filed: &Answer, proof: &TlogProof) -> (bool, String) {
        let kept = |name: &str, text: &str| {
            let path = self.w.server.data().join(name);
            std::fs::write(&path, text).unwrap();
            path.display().to_string()
        };
        let proof = kept("kept.tlog-proof", &proof.to_string());
        let receipt = kept("receipt", filed.header("takedown-receipt").unwrap());
        let policy = self.file().display().to_string();
        self.run(&[
            "verify-proof",
            &proof,
            "--receipt",
            &receipt,
            "--policy",
            &policy,
        ])
    }
}

fn last_entry(answer: &Answer) -> String {
    entries(answer).pop().expect("an entry")
}

/// A port that takes every connection and never says anything; how many it took.
async fn silence() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let taken = Arc::new(AtomicUsize::new(0));
    let count = taken.clone();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            kept.push(stream);
        }
    });
    (port, taken)
}

async fn two_of_three_are_enough_while_the_third_stalls(db: Db) {
    const ROUNDS: usize = 6;
    let mut watched = Watched::unwatched(db).await;
    let before = watched.filed("https://paste.example/before", None).await;
    let (port, taken) = silence().await;
    let text = watched.policy_text(&[(2, port)]);
    watched.ask_by(&text);
    let policy = watched.policy();

    // Who waits has a proof with two signatures of witnesses, whatever the third does.
    let filed = watched.filed("https://paste.example/0", Some(50)).await;
    assert_eq!(filed.header("takedown-cosigned"), Some("true"));
    let proof: TlogProof = decoded(filed.header("takedown-proof").unwrap())
        .parse()
        .unwrap();
    let receipt: SignedReceipt = decoded(filed.header("takedown-receipt").unwrap())
        .parse()
        .unwrap();
    let leaf = receipt.verify(&watched.key).unwrap().root;
    let judgement = proof.verify(&leaf, &policy).expect("enough signed");
    let names: Vec<_> = judgement
        .witnesses()
        .iter()
        .map(|witness| witness.name.to_string())
        .collect();
    assert_eq!(names, ["association", "auditor"]);
    for round in 1..ROUNDS {
        watched
            .signed(&format!("https://paste.example/{round}"))
            .await;
    }
    let taken = taken.load(Ordering::SeqCst);
    assert!(
        (1..ROUNDS).contains(&taken),
        "{ROUNDS} rounds ended while the third was asked {taken} times"
    );

    // What was written before witnesses were asked is covered as well.
    let entry = last_entry(&before);
    watched.proven(&entry).await;

    // Everybody sees it: the checkpoint, the witnesses, and the one that does not answer.
    let shown = watched.shown().await;
    assert_eq!(policy.judge(&shown).unwrap().unmet(), None);
    let why = watched.problem("university", "unreachable").await;
    assert_eq!(why, "it does not answer: it took longer than 10 seconds");
    let good = watched.stands("auditor").await;
    assert!(good["problem"].is_null() && good["size"].as_u64().unwrap() > 0);
    assert!(good["signed_at"].is_string(), "{good}");
    let log = watched.w.unit.api.get("/v1/log").without_token().await;
    let log = log.is(200).json();
    assert!(log["cosigned"].as_u64() >= Some(shown.checkpoint().size()));
    assert!(log["signed"].as_u64() >= log["cosigned"].as_u64());

    // Offline, by the policy alone.
    let (good, said) = watched.verified(&filed, &proof);
    assert!(good, "{said}");
    assert!(
        said.contains("witness  association (association.example/witness) at 20"),
        "{said}"
    );
    assert!(
        said.contains("missing  university (university.example/witness)"),
        "{said}"
    );
    let file = watched.file().display().to_string();
    let (good, said) = watched.run(&["verify", "--policy", &file]);
    assert!(
        good && said.contains("witness  association, auditor"),
        "{said}"
    );
    assert!(said.contains("missing  university"), "{said}");
    // It says how much is without them, and whoever asks for it is told by the exit code.
    assert!(said.contains("\nwithout  "), "{said}");
    let asked = ["verify", "--policy", &file, "--max-unwitnessed", "1h"];
    let (good, said) = watched.run(&asked);
    assert!(good, "{said}");
    let (good, said) = watched.run(&["doctor"]);
    assert!(
        !good && said.contains("FAILED   witness university it does not answer"),
        "{said}"
    );
    assert!(said.contains("ok       witness auditor answers"), "{said}");
}

/// Everything fits, and the newest entries have no witness.
fn without(watched: &Watched) {
    let file = watched.file().display().to_string();
    let run = |most: &str| {
        let mut arguments = vec!["verify", "--policy", &file, "--json"];
        if !most.is_empty() {
            arguments.extend(["--max-unwitnessed", most]);
        }
        let done = watched.w.server.command(&arguments).output().unwrap();
        let said: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        let error = String::from_utf8(done.stderr).unwrap();
        (done.status.code(), said, error)
    };
    let (code, said, _) = run("");
    assert_eq!(code, Some(0), "{said}");
    let (entries, cosigned) = (said["entries"].as_u64(), said["cosigned"].as_u64());
    let without = said["unwitnessed"].as_u64().unwrap();
    assert!(without > 0, "{said}");
    assert_eq!(entries.unwrap() - cosigned.unwrap(), without, "{said}");
    assert!(said["unwitnessed_since"].is_string(), "{said}");
    let (code, ..) = run(&without.to_string());
    assert_eq!(code, Some(0));
    let (code, ..) = run("1h");
    assert_eq!(code, Some(0));
    for most in [(without - 1).to_string().as_str(), "0s"] {
        let (code, said, error) = run(most);
        assert_eq!(code, Some(11), "{said} {error}");
        assert_eq!(said["faults"], 0, "{said}");
        let named = format!("everything fits, but {without} entries are not covered by witnesses");
        assert!(error.contains(&named), "{error}");
    }
    let asked = ["verify", "--policy", &file, "--max-unwitnessed", "soon"];
    let done = watched.w.server.command(&asked).output().unwrap();
    assert_eq!(done.status.code(), Some(2));
}

async fn while_all_are_away_filing_goes_on_and_proofs_are_completed_later(db: Db) {
    let watched = Watched::new(db).await;
    let policy = watched.policy();
    let last = watched.signed("https://paste.example/before").await;
    watched.wires.iter().for_each(Link::cut);

    let filed = watched.filed("https://paste.example/meanwhile", None).await;
    let entry = last_entry(&filed);
    let alone: TlogProof = wait::until("the log alone", async || {
        let answer = watched.proof(&entry).await;
        (answer.status == 200).then(|| {
            assert_eq!(answer.header("takedown-cosigned"), Some("false"));
            answer.text().parse().unwrap()
        })
    })
    .await;
    // It proves what it did without witnesses, and who asks for them is not satisfied.
    let receipt: SignedReceipt = decoded(filed.header("takedown-receipt").unwrap())
        .parse()
        .unwrap();
    let leaf = receipt.verify(&watched.key).unwrap().root;
    let of_log = Policy::of_log(watched.key.clone());
    alone.verify(&leaf, &of_log).expect("proven by the log");
    alone.verify(&leaf, &policy).expect_err("too few signed");
    let (good, said) = watched.verified(&filed, &alone);
    assert!(!good && said.contains("missing  association"), "{said}");
    assert!(
        said.contains("group outside needs 2 of its members and has 0"),
        "{said}"
    );
    // Who waits gets what there is, with the truth about it.
    let impatient = watched
        .filed("https://paste.example/impatient", Some(3))
        .await;
    assert!(impatient.header("takedown-proof").is_some());
    assert_eq!(impatient.header("takedown-cosigned"), Some("false"));
    for name in NAMES {
        watched.problem(name, "unreachable").await;
    }
    without(&watched);
    // What is shown to everybody is what enough witnesses signed.
    let shown = watched.shown().await;
    assert_eq!(policy.judge(&shown).unwrap().unmet(), None);
    assert!(shown.checkpoint().size() >= last.checkpoint().size());
    assert!(shown.checkpoint().size() <= alone.index);

    watched.wires.iter().for_each(Link::mend);
    let complete = watched.proven(&entry).await;
    complete.verify(&leaf, &policy).expect("enough signed");
    assert!(watched.shown().await.checkpoint().size() > alone.index);
    let (good, said) = watched.verified(&filed, &complete);
    assert!(good && said.contains("proven"), "{said}");
    for name in NAMES {
        wait::until("the witness to be well again", async || {
            watched.stands(name).await["problem"]
                .is_null()
                .then_some(())
        })
        .await;
    }
}
