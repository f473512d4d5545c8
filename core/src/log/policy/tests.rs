#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::log::{
    Checkpoint, SignedCheckpoint, SigningKey, cosignature,
    fixture::{ORIGIN, leaves, log_key, signed, vkey, witness_key},
    note::{SignatureError, SignatureType},
};

/// A policy of our log with the witnesses 1 to 6 and these lines below.
fn file(below: &str) -> String {
    let mut file = format!("# whom we trust\nlog {}\n\n", vkey(&log_key()));
    for number in 1..=6 {
        let key = vkey(&witness_key(number));
        file.push_str(&format!(
            "witness w{number} {key} https://w{number}.example/\n"
        ));
    }
    file + below
}

fn policy(below: &str) -> Policy {
    Policy::parse(file(below).as_bytes()).unwrap()
}

/// A checkpoint that these witnesses signed.
fn witnessed(by: &[u8]) -> SignedCheckpoint {
    let mut checkpoint = signed(&leaves(5));
    for number in by {
        let time = 1_790_000_000 + u64::from(*number);
        let signature = cosignature::sign(&checkpoint, &witness_key(*number), time).unwrap();
        checkpoint.add(signature);
    }
    checkpoint
}

fn missing(policy: &Policy, by: &[u8]) -> Option<String> {
    let checkpoint = witnessed(by);
    let judgement = policy.judge(&checkpoint).unwrap();
    judgement.unmet().map(ToString::to_string)
}

/// The example of the specification: two of three, and one of three others.
const TWO_LEVELS: &str =
    "group X 2 w1 w2 w3\ngroup Y any w4 w5 w6\n\tgroup  X-and-Y all X Y \nquorum X-and-Y\n";

#[test]
fn the_example_of_the_specification() {
    let policy = policy(TWO_LEVELS);
    assert_eq!(policy.logs()[0].key.name().as_str(), ORIGIN);
    assert_eq!(policy.witnesses().count(), 6);
    let (name, first) = policy.witnesses().next().unwrap();
    assert_eq!(
        (name.to_string(), first.url.as_deref()),
        ("w1".into(), Some("https://w1.example/"))
    );
    for enough in [&[1, 2, 4], &[2, 3, 6], &[1, 3, 5]] {
        assert_eq!(missing(&policy, enough), None);
    }
    assert_eq!(
        missing(&policy, &[1, 2, 3]).unwrap(),
        "group X-and-Y needs 2 of its members and has 1 (group Y needs 1 of its members and has 0 \
         (witness w4 has not signed; witness w5 has not signed; witness w6 has not signed))"
    );
    assert_eq!(
        missing(&policy, &[1, 4, 5, 6]).unwrap(),
        "group X-and-Y needs 2 of its members and has 1 (group X needs 2 of its members and has 1 \
         (witness w2 has not signed; witness w3 has not signed))"
    );
    assert!(
        missing(&policy, &[])
            .unwrap()
            .starts_with("group X-and-Y needs 2 of its members and has 0")
    );
}

#[test]
fn who_signed_is_listed_with_the_time_whether_it_counts_or_not() {
    let policy = policy("quorum w2\n");
    let checkpoint = witnessed(&[4, 2, 9]);
    let judgement = policy.judge(&checkpoint).unwrap();
    let seen: Vec<_> = judgement
        .witnesses()
        .iter()
        .map(|one| (one.name.to_string(), one.time))
        .collect();
    assert_eq!(
        seen,
        [
            ("w2".to_owned(), 1_790_000_002),
            ("w4".to_owned(), 1_790_000_004)
        ]
    );
    assert_eq!(judgement.log(), &vkey(&log_key()));
    assert_eq!(judgement.unmet(), None);
    assert_eq!(missing(&policy, &[1]).unwrap(), "witness w2 has not signed");
}

#[test]
fn a_quorum_that_is_a_groups_member_is_judged_by_itself() {
    let policy = policy("group all all w1 w2\ngroup top any all\nquorum w1\n");
    assert_eq!(missing(&policy, &[2]).unwrap(), "witness w1 has not signed");
    assert_eq!(missing(&policy, &[1]), None);
}

#[test]
fn no_witness_is_needed_where_the_file_says_none() {
    assert_eq!(missing(&policy("quorum none\n"), &[]), None);
    assert!(
        !policy("quorum none\n").asks_for_witnesses() && policy("quorum w1\n").asks_for_witnesses()
    );
    assert_eq!(missing(&Policy::of_log(vkey(&log_key())), &[]), None);
    let without = Policy::parse(b"quorum none").unwrap();
    let error = without.judge(&witnessed(&[])).unwrap_err().to_string();
    assert_eq!(
        error,
        format!("the policy does not trust the log {ORIGIN}; it trusts no log")
    );
    assert!(
        without
            .with_log(vkey(&log_key()))
            .judge(&witnessed(&[]))
            .is_ok()
    );
}

#[test]
fn a_checkpoint_needs_the_signature_of_its_own_log() {
    let policy = policy("quorum none\n");
    let stranger = |name: &str, seed: u8, origin: &str| {
        let key = SigningKey::from_seed(name.parse().unwrap(), SignatureType::Ed25519, &[seed; 32])
            .unwrap();
        let tree = leaves(5);
        let checkpoint = Checkpoint::new(origin, 5, crate::log::fixture::root(&tree)).unwrap();
        SignedCheckpoint::sign(checkpoint, &key).unwrap()
    };
    let unknown = policy.judge(&stranger("other.example", 1, "other.example"));
    assert!(
        matches!(unknown, Err(Rejected::UnknownLog { origin, .. }) if origin == "other.example")
    );
    let same_name = policy.judge(&stranger(ORIGIN, 2, ORIGIN));
    assert!(matches!(
        same_name,
        Err(Rejected::Signature(SignatureError::NoneKnown { .. }))
    ));

    // Two logs are trusted; neither may sign for the other.
    let second = SigningKey::from_seed(
        "second.example".parse().unwrap(),
        SignatureType::Ed25519,
        &[2; 32],
    )
    .unwrap();
    let both = Policy::of_log(vkey(&log_key())).with_log(vkey(&second));
    let own = stranger("second.example", 2, "second.example").to_string();
    assert!(both.judge(&own.parse().unwrap()).is_ok());
    let text = own.replacen("second.example", ORIGIN, 1);
    assert!(matches!(
        both.judge(&text.parse().unwrap()),
        Err(Rejected::Signature(SignatureError::NoneKnown { .. }))
    ));
}

#[test]
fn a_wrong_signature_of_a_witness_is_no_missing_one() {
    let policy = policy("quorum none\n");
    let text = witnessed(&[1]).to_string().replace("\n5\n", "\n6\n");
    assert!(matches!(
        policy.judge(&text.parse().unwrap()),
        Err(Rejected::Signature(SignatureError::Forged { .. }))
    ));
    let mut checkpoint = signed(&leaves(5));
    let of_another = cosignature::sign(&signed(&leaves(4)), &witness_key(3), 1).unwrap();
    checkpoint.add(of_another);
    let error = policy.judge(&checkpoint).unwrap_err().to_string();
    assert!(
        error.starts_with("the signature of w3.example/witness (key id"),
        "{error}"
    );
}

#[test]
fn every_mistake_is_said_with_its_line() {
    let log = vkey(&log_key()).to_string();
    let witness = vkey(&witness_key(1)).to_string();
    let other = vkey(&witness_key(2)).to_string();
    let text = format!(
        "lag {log}\n\
         log\n\
         log {log} https://log.example/ more\n\
         log {witness}\n\
         log {log}\n\
         log {log}\n\
         witness none {witness}\n\
         witness w1 {witness}\n\
         witness w1 {other}\n\
         witness w2 {witness}\n\
         witness w3 {log}\n\
         witness w4 name+00000000+AQ==\n\
         group g 2 w1\n\
         group h 0 w1\n\
         group i any\n\
         group j any later\n\
         group k any w1\n\
         group l any w1\n\
         group m all m\n\
         quorum none more\n\
         quorum nobody\n\
         quorum none\n\
         # \x07\n"
    );
    let mistakes = Policy::parse(text.as_bytes()).unwrap_err();
    let said = mistakes.to_string();
    let wanted = [
        "line 1: \"lag\" begins no line here; known are log, witness, group, quorum",
        "line 2: this line is not of the form \"log VKEY [URL]\"",
        "line 3: this line is not of the form \"log VKEY [URL]\"",
        "line 4: this key is of type 0x04; the key of a log is of type 0x01",
        "line 6: this key is in line 5 already",
        "line 7: \"none\" stands for a quorum without witnesses",
        "line 9: \"w1\" is the name of what line 8 defines",
        "line 10: this key is in line 8 already",
        "line 11: this key is of type 0x01; the key of a witness is of type 0x04",
        "line 12: the key id is 00000000, but this name and key have",
        "line 13: \"2\" of 1 members cannot be asked for; write any, all, or a number from 1 to 1",
        "line 14: \"0\" of 1 members cannot be asked for",
        "line 15: this line is not of the form \"group NAME any|all|NUMBER MEMBER...\"",
        "line 16: \"later\" is not defined above this line",
        "line 18: \"w1\" is a member of a group in line 17 already",
        "line 19: \"m\" is not defined above this line",
        "line 20: this line is not of the form \"quorum NAME|none\"",
        "line 21: \"nobody\" is not defined above this line",
        "line 22: line 21 says what the quorum is already",
        "line 23: this line holds the byte 0x07",
    ];
    assert_eq!(said.lines().count(), wanted.len(), "{said}");
    for (line, wanted) in said.lines().zip(wanted) {
        assert!(line.starts_with(wanted), "{line}\n{wanted}");
    }
}

#[test]
fn a_policy_needs_a_quorum_and_no_key_is_log_and_witness() {
    let none = Policy::parse(b"").unwrap_err();
    assert_eq!(
        none.0,
        [Mistake {
            line: 2,
            reason: Reason::NoQuorum
        }]
    );
    let key = |signature_type| {
        let name = "both.example".parse().unwrap();
        vkey(&SigningKey::from_seed(name, signature_type, &[5; 32]).unwrap())
    };
    let text = format!(
        "witness w {}\nlog {}\nquorum w",
        key(SignatureType::Cosignature),
        key(SignatureType::Ed25519)
    );
    let mistakes = Policy::parse(text.as_bytes()).unwrap_err();
    assert_eq!(
        mistakes.0,
        [Mistake {
            line: 2,
            reason: Reason::SameKey(1)
        }]
    );
}

#[test]
fn names_and_comments_may_be_any_bytes() {
    let key = vkey(&witness_key(1));
    // K and the Kelvin sign are two names; the last one is not UTF-8 at all.
    let mut file = format!(
        "witness K {key}\nwitness \u{212a} {}\n",
        vkey(&witness_key(2))
    )
    .into_bytes();
    file.extend_from_slice(b"witness \xff ");
    file.extend_from_slice(vkey(&witness_key(3)).to_string().as_bytes());
    file.extend_from_slice(b"\n # \xfe\xff\n\t\n group \xfd 2 K \xe2\x84\xaa \xff\nquorum \xfd");
    let policy = Policy::parse(&file).unwrap().with_log(vkey(&log_key()));
    assert_eq!(missing(&policy, &[1, 2]), None);
    assert!(
        missing(&policy, &[2])
            .unwrap()
            .contains("witness K has not signed")
    );
}

#[test]
fn a_file_of_logs_holds_logs_only() {
    let log = vkey(&log_key());
    let file = format!("# logs\n log {log} https://log.example/\n");
    let logs = parse_logs(file.as_bytes()).unwrap();
    assert_eq!((logs.len(), logs[0].key == log), (1, true));
    let said = |file: &str| parse_logs(file.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        said("\n\n"),
        "line 3: no line names a log; write \"log VKEY\""
    );
    assert_eq!(
        said("quorum none\n"),
        "line 1: \"quorum\" begins no line here; known are log"
    );
}

#[test]
fn more_than_enough_is_refused() {
    let mut text = String::new();
    for number in 0..=MOST {
        let name = format!("log.example/{number}").parse().unwrap();
        let mut seed = [9; 32];
        seed[..8].copy_from_slice(&number.to_be_bytes());
        let key = SigningKey::from_seed(name, SignatureType::Ed25519, &seed).unwrap();
        text.push_str(&format!("log {}\n", key.verifier()));
    }
    text.push_str("quorum none\n");
    let mistakes = Policy::parse(text.as_bytes()).unwrap_err();
    assert_eq!(
        mistakes.0,
        [Mistake {
            line: MOST + 1,
            reason: Reason::TooMany("logs")
        }]
    );
}

proptest! {
    #[test]
    fn never_panics(file in prop::collection::vec(any::<u8>(), 0..80), lines in "((log|witness|group|quorum|none|any|all|w|g|1|2)[ \t\n]){0,30}") {
        let _ = Policy::parse(&file);
        let _ = Policy::parse(lines.as_bytes());
        let _ = parse_logs(&file);
    }

    #[test]
    fn a_threshold_counts(needs in 1_usize..=6, by in prop::sample::subsequence(vec![1_u8, 2, 3, 4, 5, 6], 0..=6)) {
        let policy = policy(&format!("group g {needs} w1 w2 w3 w4 w5 w6\nquorum g\n"));
        prop_assert_eq!(missing(&policy, &by).is_none(), by.len() >= needs);
    }
}
